// Workers that know something: how many requests were answered, and a cache. They leave both to
// those that follow, well or badly as the settings say.
//
//   /          counts
//   /when?FILE is answered, and counts, when that file is there
//   /count     how many this worker knows of, by itself or as an heir
//   /put?KEY   into the cache
//   /cache     what is in it
//
// settings.leave: "hang" or "die" (when SERVING), "size" (settings.size bytes), "nothing"
// settings.take: "refuse", "crash", "hang"
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include <signal.h>
#include <unistd.h>
#include <uv.h>

#include <hupd/http.hpp>

namespace {

namespace http = hupd::http;

class Keeper : public http::Service {
 public:
#ifdef KEEPER_BEFORE_READY
  static constexpr auto inherits = hupd::Inherits::BeforeReady;
#endif

  hupd::Start start(hupd::Worker worker) override {
    worker_ = std::to_string(worker.number());
    generation_ = std::to_string(worker.generation());
    return hupd::Start::Ready;
  }

  std::optional<hupd::Legacy> leave(hupd::Worker, hupd::Moment moment) override {
    const auto how = settings().get<std::string>("leave");
    if (how == "nothing") return std::nullopt;
    if (how == "size") {
      return hupd::Legacy{KEEPER_STATE, std::string(settings().get<std::size_t>("size"), 'x')};
    }
    if (moment == hupd::Moment::Serving) {
      hupd::info("asked while serving");
      if (how == "die") ::raise(SIGKILL);
      while (how == "hang") ::usleep(1000);
      return hupd::Legacy{KEEPER_STATE, "0 " + cached(), true};
    }
    // All of it at once, and what is counted from then on at the end.
    const auto count = std::to_string(std::exchange(count_, 0));
    if (moment == hupd::Moment::Retired) return hupd::Legacy{KEEPER_STATE, count};
    return hupd::Legacy{KEEPER_STATE, count + " " + cached(), true};
  }

  void take(hupd::Worker, const hupd::Inheritance& from) override {
    hupd::info("taking " + std::to_string(from.state.bytes.size()) + " bytes of worker " +
               std::to_string(from.from_worker) + " of generation " +
               std::to_string(from.from_generation) + (from.heir ? " as the heir" : ""));
    const auto how = settings().get<std::string>("take");
    if (how == "refuse") throw std::runtime_error("no use for it");
    if (how == "crash") ::raise(SIGSEGV);
    while (how == "hang") ::usleep(1000);
    if (from.state.version != KEEPER_STATE) {
      throw std::runtime_error("state of version " + std::to_string(from.state.version));
    }
    std::istringstream words{std::string(from.state.bytes)};
    std::uint64_t count = 0;
    words >> count;
    if (from.heir) count_ += count;
    for (std::string key; words >> key;) cache_.insert(key);
  }

  void serve(const http::Request& request, http::Exchange& exchange) override {
    if (request.path() != "/when") {
      exchange.respond(handle(request));
      return;
    }
    auto* wait = new Wait{*this, {}, exchange.later(), std::string(request.query())};
    uv_timer_init(exchange.worker().loop(), &wait->timer);
    wait->timer.data = wait;
    uv_timer_start(&wait->timer, Wait::look, 0, 5);
  }

  http::Response handle(const http::Request& request) override {
    if (request.path() == "/") ++count_;
    if (request.path() == "/put") cache_.insert(std::string(request.query()));
    if (request.path() == "/count") return answer(std::to_string(count_));
    return answer(cached());
  }

 private:
  struct Wait {
    Keeper& keeper;
    uv_timer_t timer;
    http::Responder responder;
    std::string file;

    static void look(uv_timer_t* timer) {
      auto* self = static_cast<Wait*>(timer->data);
      if (::access(self->file.c_str(), F_OK) != 0) return;
      ++self->keeper.count_;
      self->responder.respond(self->keeper.answer("it is there"));
      uv_close(reinterpret_cast<uv_handle_t*>(timer),
               [](uv_handle_t* handle) { delete static_cast<Wait*>(handle->data); });
    }
  };

  http::Response answer(std::string body) const {
    return std::move(http::text(std::move(body))
                         .header("X-Generation", generation_)
                         .header("X-Worker", worker_)
                         .header("X-Pid", std::to_string(::getpid())));
  }
  std::string cached() const {
    std::string all;
    for (const auto& key : cache_) all += key + " ";
    return all;
  }

  std::string worker_, generation_;
  std::uint64_t count_ = 0;
  std::set<std::string> cache_;
};

}  // namespace

HUPD_APP(Keeper)
