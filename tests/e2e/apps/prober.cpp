// Is well, or is not, in the ways that its settings name.
#include <fstream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <signal.h>
#include <unistd.h>
#include <uv.h>

#include <hupd/http.hpp>

namespace {

namespace http = hupd::http;

class Prober : public http::Service {
 public:
  hupd::Start start(hupd::Worker worker) override {
    worker_.emplace(worker);
    uv_timer_init(worker.loop(), &timer_);
    timer_.data = this;
    return hupd::Start::Ready;
  }

  hupd::Health probe(hupd::Probe probe) override {
    const auto how = settings().get<std::string>("probe", "well");
    if (how == "well") return hupd::Health::Well;
    if (how == "fail") throw std::runtime_error("no disk");
    if (how == "crash") ::raise(SIGSEGV);
    if (how == "block") ::pause();
    if (how == "memory") return check_memory();
    asked_.emplace(probe);
    if (how != "silent") uv_timer_start(&timer_, on_time, 20, 0);
    return hupd::Health::Pending;
  }

  void serve(const http::Request& request, http::Exchange& exchange) override {
    if (request.path() == "/healthz") return tell_health(exchange);
    if (request.path() == "/silent") return respond(exchange, silent_.size());
    if (request.path() == "/probes") return respond(exchange, probes_);
    if (++requests_ == after("unwell_after")) worker_->unwell("no room");
    if (requests_ == after("crash_after")) ::raise(SIGSEGV);
    if (requests_ == after("deadlock_after")) deadlock();
    leaked_.emplace_back(settings().get<std::size_t>("leaked_bytes", 0), 'x');
    exchange.respond(std::move(http::text(PROBER_VERSION "\n")
                                   .header("X-Version", PROBER_VERSION)
                                   .header("X-Pid", pid())));
  }

 private:
  // So many requests, without those of probes.
  static std::uint64_t after(const char* setting) { return settings().get(setting, UINT64_MAX); }
  static void respond(http::Exchange& exchange, std::uint64_t number) {
    exchange.respond(http::text(std::to_string(number)));
  }
  // What applications that know what they need can look at; RSS, as recycle.memory does.
  static hupd::Health check_memory() {
    std::size_t size = 0, resident = 0;  // pages
    std::ifstream("/proc/self/statm") >> size >> resident;
    const std::size_t mib = resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) >> 20U;
    if (mib < settings().get<std::size_t>("most_mib", 0)) return hupd::Health::Well;
    throw std::runtime_error("holds too much memory");
  }
  // As of a lock that the same thread holds already.
  [[noreturn]] static void deadlock() {
    for (;;) ::pause();
  }
  static std::string pid() { return std::to_string(::getpid()); }

  static void on_time(uv_timer_t* timer) {
    const auto& self = *static_cast<Prober*>(timer->data);
    const auto how = settings().get<std::string>("probe", "well");
    return how == "fail_later" ? self.asked_->failed("no disk today") : self.asked_->well();
  }

  // Only to hupd, which asks over no listener.
  void tell_health(http::Exchange& exchange) {
    const auto how = settings().get<std::string>("health", "well");
    ++probes_;
    if (how == "throw") throw std::runtime_error("no idea");
    if (how == "crash") ::raise(SIGSEGV);
    if (how == "silent" || requests_ >= after("silent_after")) {
      silent_.push_back(exchange.later());
    } else if (how == "ill" ||
               (requests_ >= after("ill_after") && requests_ < after("ill_until"))) {
      exchange.respond(http::Response(503, "no database\nsince noon\n"));
    } else {
      exchange.respond(http::redirect("/elsewhere"));
    }
  }

  std::optional<hupd::Worker> worker_;
  std::optional<hupd::Probe> asked_;
  std::vector<http::Responder> silent_;
  std::vector<std::string> leaked_;
  uv_timer_t timer_;
  std::uint64_t requests_ = 0;
  std::uint64_t probes_ = 0;  // of the path
};

}  // namespace

HUPD_APP(Prober, PROBER_VERSION)
