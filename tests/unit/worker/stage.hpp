// What a worker serves on, in the test's own process: a loop, an application, listeners, clients.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <uv.h>

#include "loop/handle.hpp"
#include "os/channel.hpp"
#include "os/clock.hpp"
#include "os/dynamic_library.hpp"
#include "os/listen.hpp"
#include "samples/listener.h"
#include "wire/scoreboard.hpp"
#include "worker/acceptor.hpp"
#include "worker/application.hpp"
#include "worker/handle.hpp"
#include "worker/host.hpp"
#include "worker/serving.hpp"

namespace hupd::worker {

// The listener sample's exported object, as new. The library stays loaded from test to test.
inline listener_sample& new_sample(const char* path = SAMPLE_LISTENER) {
  const auto library = os::DynamicLibrary::load(path);
  auto& sample =
      *static_cast<listener_sample*>(const_cast<void*>(library->find("listener_sample")));
  sample = {};
  return sample;
}

// As a master gives them, with a hand-over queue of its own, whose other ends nobody has.
inline Assigned assigned(std::vector<Listener> listeners) {
  auto queue = os::channel_pair();
  return {std::move(listeners), std::move(queue->first), std::move(queue->second)};
}

// `settings` outlives the application.
inline Application created(const std::string& library, const config::App& settings) {
  set_up_host(settings);
  auto application = Application::load(library);
  EXPECT_TRUE(application && application->create()) << library;
  return std::move(*application);
}

// A blocking client that gives up after a while.
class Client {
 public:
  explicit Client(int listener) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{20, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    ::connect(fd_.get(), reinterpret_cast<sockaddr*>(&address), size);
  }
  void send(const std::string& text) const {
    ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL);
  }
  // What has come by now; "end" and "reset" when that is the connection's.
  std::string received() const {
    char buffer[4096];
    const auto got = ::recv(fd_.get(), buffer, sizeof buffer, MSG_DONTWAIT);
    if (got == 0) return "end";
    if (got < 0) return errno == EAGAIN ? "" : "reset";
    return std::string(buffer, static_cast<std::size_t>(got));
  }
  void close() { fd_.reset(); }

 private:
  os::Fd fd_;
};

struct Stage {
  Stage() { uv_loop_init(&loop); }
  ~Stage() {
    uv_run(&loop, UV_RUN_NOWAIT);  // uv_stop() out of the loop holds for the next run
    uv_run(&loop, UV_RUN_NOWAIT);  // close callbacks
    EXPECT_EQ(uv_loop_close(&loop), 0) << "something was left in the loop";
  }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  // On a free port of the loopback; the stage keeps a descriptor of it, as the master does.
  Listener listen(const std::string& address) {
    masters.push_back(std::move(*os::listen_tcp(address, "127.0.0.1", 0, true, 128)));
    return {address, std::move(*os::duplicate(masters.back().get()))};
  }
  bool turn_until(const std::function<bool()>& held) {
    loop::Timer tick(&loop, [] {});  // so that no turn waits for ever
    tick.start(1, 1);
    const auto end = os::monotonic_now() + std::chrono::seconds(20);
    while (!held()) {
      if (os::monotonic_now() > end) return false;
      uv_run(&loop, UV_RUN_ONCE);
    }
    return true;
  }

  uv_loop_t loop;
  config::App settings;
  os::Fd file = std::move(*wire::Scoreboard::create());
  wire::Scoreboard board = std::move(*wire::Scoreboard::map(file.get(), os::Access::ReadWrite));
  std::vector<os::Fd> masters;
};

}  // namespace hupd::worker
