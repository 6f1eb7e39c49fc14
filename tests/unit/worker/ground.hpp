// An Acceptor on a loop of its own, with real listeners and clients.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <uv.h>

#include "os/clock.hpp"
#include "os/listen.hpp"
#include "worker/acceptor.hpp"

namespace hupd::worker {

struct Ground {
  Ground() { uv_loop_init(&loop); }
  ~Ground() {
    acceptor.reset();
    uv_run(&loop, UV_RUN_NOWAIT);  // close callbacks
    uv_loop_close(&loop);
  }
  Ground(const Ground&) = delete;
  Ground& operator=(const Ground&) = delete;

  // A listener on a free port of the loopback; this keeps a descriptor of it, as the master does.
  int listen(const std::string& address) {
    auto fd = os::listen_tcp(address, "127.0.0.1", 0, true, 128);
    listeners.push_back({address, std::move(*os::duplicate(fd->get()))});
    masters.push_back(std::move(*fd));
    return masters.back().get();
  }
  // Connections that wait in the queue of `listener`.
  void connect(int listener, int count) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    for (int i = 0; i < count; ++i) {
      clients.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
      ::connect(clients.back().get(), reinterpret_cast<sockaddr*>(&address), size);
    }
  }
  void start() {
    acceptor.emplace(&loop, std::move(listeners), board, counters,
                     [this](os::Fd fd, const os::Peer&, const std::string&) {
                       ++counters.accepted;
                       taken.push_back(std::move(fd));
                     });
    acceptor->start();
  }
  void turn() { uv_run(&loop, UV_RUN_NOWAIT); }
  bool turn_until(const std::function<bool()>& held) {
    for (const auto end = os::monotonic_now() + std::chrono::seconds(20);
         !held() && os::monotonic_now() < end;) {
      turn();
    }
    return held();
  }

  uv_loop_t loop;
  os::Fd file = std::move(*wire::Scoreboard::create());
  wire::Scoreboard board = std::move(*wire::Scoreboard::map(file.get(), os::Access::ReadWrite));
  connection::Counters counters;
  std::vector<Listener> listeners;
  std::vector<os::Fd> masters;
  std::vector<os::Fd> clients;
  std::vector<os::Fd> taken;
  std::optional<Acceptor> acceptor;
};

}  // namespace hupd::worker
