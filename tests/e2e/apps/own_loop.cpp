// The listener height: accepts, reads and writes by itself, and gives its connections away when it
// retires. A client speaks to it as to mover.cpp: each line is answered by "NAME COUNT VERSION
// PID", and "call NAME" says who this is from now on.
//
// settings.adopt: "refuse". settings.state_size: bytes that a state has on top of what it needs.
#include <functional>
#include <list>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include <hupd/listener.hpp>

namespace {

// Calls back while the descriptor is readable. libuv frees its part when its loop has turned.
class Watch {
 public:
  Watch(uv_loop_t* loop, int fd, std::function<void()> callback)
      : callback_(std::move(callback)), handle_(new uv_poll_t) {
    uv_poll_init(loop, handle_, fd);
    handle_->data = this;
    uv_poll_start(handle_, UV_READABLE, [](uv_poll_t* ready, int, int) {
      static_cast<Watch*>(ready->data)->callback_();
    });
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() {
    uv_poll_stop(handle_);  // before the descriptor is closed
    uv_close(reinterpret_cast<uv_handle_t*>(handle_),
             [](uv_handle_t* closed) { delete reinterpret_cast<uv_poll_t*>(closed); });
  }

 private:
  std::function<void()> callback_;
  uv_poll_t* handle_;
};

struct Client {
  int fd;
  std::string listener;
  std::string name = "nobody";
  long count = 0;
  std::string half_line;
  std::unique_ptr<Watch> watch;

  std::string state() const {
    return name + "\n" + std::to_string(count) + "\n" + half_line + "\n";
  }
  void go_on_from(const std::string& state) {
    std::istringstream text(state);
    std::string number;
    std::getline(text, name);
    std::getline(text, number);
    std::getline(text, half_line);
    count = std::stol(number);
  }
  void answer(const std::string& line) {
    if (line.rfind("call ", 0) == 0) name = line.substr(5);
    say(name + " " + std::to_string(++count) + " " OWN_LOOP_VERSION " " +
        std::to_string(::getpid()) + "\n");
  }
  void say(const std::string& text) const {  // short: it fits into the socket's buffer
    static_cast<void>(::send(fd, text.data(), text.size(), MSG_NOSIGNAL));
  }
};

class OwnLoop : public hupd::ListenerService {
 public:
  void listen(hupd::Worker worker, const std::vector<hupd::Listener>& listeners) override {
    for (const hupd::Listener& one : listeners) {
      const auto accept = [this, worker, one] {
        const int fd = ::accept4(one.fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) serve(worker, fd, std::string(one.address));
      };
      accepting_.push_back(std::make_unique<Watch>(worker.loop(), one.fd, accept));
    }
  }

  bool adopt(hupd::Worker worker, int fd, std::string_view listener, hupd::State state) override {
    if (settings().get<std::string>("adopt") == "refuse" || state.version != 1) {
      Client{fd, {}, {}, 0, {}, nullptr}.say("goodbye\n");
      return false;
    }
    serve(worker, fd, std::string(listener)).go_on_from(std::string(state.bytes));
    return true;
  }

  void drain(hupd::Worker worker) override {
    accepting_.clear();
    uv_timer_init(worker.loop(), &again_);
    again_.data = this;
    worker_ = worker.handle();
    if (clients_.empty()) return drained(worker);
    give_away();
  }

  void stop() override { clients_.clear(); }

 private:
  Client& serve(hupd::Worker worker, int fd, std::string listener) {
    Client& client = *clients_.insert(clients_.end(), Client{fd, std::move(listener)});
    client.watch = std::make_unique<Watch>(worker.loop(), fd,
                                           [this, worker, &client] { read(worker, client); });
    count_connections(worker, 1);
    return client;
  }

  void read(hupd::Worker worker, Client& client) {
    char bytes[4096];
    const ssize_t size = ::recv(client.fd, bytes, sizeof bytes, 0);
    if (size < 0) return;
    if (size == 0) return end(worker, client);
    std::string text = client.half_line + std::string(bytes, static_cast<std::size_t>(size));
    for (std::size_t at; (at = text.find('\n')) != std::string::npos; text.erase(0, at + 1)) {
      client.answer(text.substr(0, at));
      count_requests(worker, 1);
    }
    client.half_line = text;
  }

  void end(hupd::Worker worker, Client& client) {
    const int fd = client.fd;
    clients_.remove_if([&](const Client& one) { return &one == &client; });
    ::close(fd);
    count_connections(worker, -1);
    if (worker_ != nullptr && clients_.empty()) drained(worker);
  }

  // As many as there is room for; the rest in some milliseconds.
  void give_away() {
    const hupd::Worker worker(worker_);
    const std::string padding(settings().get<std::size_t>("state_size"), 'x');
    while (!clients_.empty()) {
      Client& client = clients_.front();
      const std::string state = client.state() + padding;
      const Handed handed = hand_over(worker, client.fd, client.listener, {1, state});
      if (handed == Handed::NotNow) {
        uv_timer_start(
            &again_, [](uv_timer_t* timer) { static_cast<OwnLoop*>(timer->data)->give_away(); }, 5,
            0);
        return;
      }
      if (handed == Handed::Never) client.say("goodbye\n");
      end(worker, client);  // says that it has drained, too, after the last one
    }
  }

  std::vector<std::unique_ptr<Watch>> accepting_;
  std::list<Client> clients_;
  hupd_worker* worker_ = nullptr;  // it drains
  uv_timer_t again_{};
};

}  // namespace

HUPD_APP(OwnLoop, OWN_LOOP_VERSION)
