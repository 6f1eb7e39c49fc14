// The application of the stories: says who answers, and does on request what services do, well or
// badly. Its version is linked in, so that a new one takes no compiling of this.
#include <fstream>
#include <iterator>
#include <string>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <uv.h>

#include <hupd/http.hpp>

extern "C" const char service_version[];

namespace {

namespace http = hupd::http;

std::string version() { return std::string(service_version) + "\n"; }

class Service : public http::Service {
 public:
  hupd::Start start(hupd::Worker worker) override {
    worker_ = std::to_string(worker.number());
    generation_ = std::to_string(worker.generation());
    pid_ = std::to_string(::getpid());
    if (settings().get<std::uint32_t>("worker_that_fails") == worker.number()) {
      throw std::runtime_error("this worker was to fail");
    }
    return hupd::Start::Ready;
  }

  void serve(const http::Request& request, http::Exchange& exchange) override;
  std::unique_ptr<http::Upload> receive(const http::Request& request,
                                        http::Exchange& exchange) override;

  http::Response answer(std::string body) const {
    return std::move(http::text(std::move(body))
                         .header("X-Version", service_version)
                         .header("X-Generation", generation_)
                         .header("X-Worker", worker_)
                         .header("X-Pid", pid_));
  }

 private:
  std::string worker_, generation_, pid_;
};

// Answers after some time, whole or in pieces; ends itself.
class Later {
 public:
  Later(uv_loop_t* loop, http::Responder responder, const Service& service)
      : responder_(std::move(responder)), service_(service) {
    uv_timer_init(loop, &timer_);
    timer_.data = this;
  }
  void answer_in(std::uint64_t ms) { uv_timer_start(&timer_, on_answer, ms, 0); }
  void stream_over(std::uint64_t ms) {
    responder_.begin(service_.answer(""));
    uv_timer_start(&timer_, on_piece, 0, ms / pieces);
  }

 private:
  static constexpr unsigned pieces = 10;

  static void on_answer(uv_timer_t* timer) {
    auto* self = static_cast<Later*>(timer->data);
    self->responder_.respond(self->service_.answer(version()));
    self->end();
  }
  static void on_piece(uv_timer_t* timer) {
    auto* self = static_cast<Later*>(timer->data);
    self->responder_.write(version());
    if (++self->sent_ < pieces) return;
    self->responder_.end();
    self->end();
  }
  void end() {
    uv_close(reinterpret_cast<uv_handle_t*>(&timer_),
             [](uv_handle_t* handle) { delete static_cast<Later*>(handle->data); });
  }

  uv_timer_t timer_;
  http::Responder responder_;
  const Service& service_;
  unsigned sent_ = 0;
};

// Counts what comes, and says so.
class Counter : public http::Upload {
 public:
  Counter(const Service& service, http::Responder responder)
      : service_(service), responder_(std::move(responder)) {}
  void piece(std::string_view bytes) override { size_ += bytes.size(); }
  void ended() override {
    responder_.respond(service_.answer(service_version + (" " + std::to_string(size_)) + "\n"));
  }

 private:
  const Service& service_;
  http::Responder responder_;
  std::size_t size_ = 0;
};

std::string contents(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string environment(const std::string& name) {
  const char* value = ::getenv(name.c_str());
  return value != nullptr ? value : "(not set)";
}

std::string directory() {
  char* path = ::getcwd(nullptr, 0);
  std::string text = path != nullptr ? path : "";
  ::free(path);
  return text;
}

// Tells of it in the log, and then dies of it or goes on.
template <bool Obey>
void on_abort(int) {
  constexpr std::string_view line = "got SIGABRT\n";
  if (::write(STDERR_FILENO, line.data(), line.size()) < 0 || Obey) ::_exit(6);
}

[[noreturn]] void block() {
  ::fprintf(stderr, "blocking\n");
  for (;;) ::usleep(1000);
}

// Leaves a process that belongs to nobody, for the length of `seconds`.
void orphan(const std::string& seconds) {
  if (::fork() != 0) return;
  if (::fork() == 0) {
    ::execlp("sleep", "sleep", seconds.c_str(), static_cast<char*>(nullptr));
  }
  ::_exit(0);
}

// Leaves a process and its child that belong to nobody and do not heed SIGTERM.
void detach() {
  if (::fork() != 0) return;
  if (::fork() != 0) ::_exit(0);
  ::setsid();
  ::signal(SIGTERM, SIG_IGN);
  ::fork();
  for (;;) ::pause();
}

void Service::serve(const http::Request& request, http::Exchange& exchange) {
  const std::string path(request.path());
  const std::string query(request.query());
  const auto say = [&](std::string body) { exchange.respond(answer(std::move(body))); };
  if (path == "/slow" || path == "/stream") {
    const auto ms = std::stoul(query);
    auto* later = new Later(exchange.worker().loop(), exchange.later(), *this);
    return path == "/slow" ? later->answer_in(ms) : later->stream_over(ms);
  }
  if (path == "/echo") return say(std::string(request.body()));
  if (path == "/big") return say(std::string(std::stoul(query), 'x'));
  if (path == "/file") return say(contents(query));
  if (path == "/environment") return say(environment(query));
  if (path == "/directory") return say(directory());
  if (path == "/privileges") return say(::access("/root", W_OK) == 0 ? "root's" : "a user's");
  if (path == "/create") {
    const int fd = ::open(query.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    ::close(fd);
    return say(fd >= 0 ? "created" : "refused");
  }
  if (path == "/say") {
    const std::string text(query.empty() ? request.body() : query);
    ::fprintf(stderr, "%s\n", text.c_str());
    return say("said");
  }
  if (path == "/orphan") {
    orphan(query);
    return say("left one");
  }
  if (path == "/detach") {
    detach();
    return say("left two");
  }
  if (path == "/block") ::signal(SIGABRT, on_abort<true>);
  if (path == "/block-for-good") ::signal(SIGABRT, on_abort<false>);
  if (path.starts_with("/block")) block();
  if (path == "/sleep") {  // and nobody is served meanwhile
    ::usleep(static_cast<useconds_t>(std::stoul(query) * 1000));
    return say(version());
  }
  if (path == "/crash") ::raise(SIGSEGV);
  if (path == "/exit") ::exit(std::stoi(query));
  if (path == "/throw") throw std::runtime_error("asked to throw");
  say(version());
}

std::unique_ptr<http::Upload> Service::receive(const http::Request& request,
                                               http::Exchange& exchange) {
  if (request.path() != "/upload") return nullptr;
  return std::make_unique<Counter>(*this, exchange.later());
}

}  // namespace

HUPD_APP(Service, service_version)
