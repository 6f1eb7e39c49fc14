// A real loop, a real service, and clients on the other end of socket pairs.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <uv.h>

#include <hupd/app.h>

#include "config/settings.hpp"
#include "connection/service.hpp"
#include "os/fd.hpp"

namespace hupd::test {

// The client's side of a connection, non-blocking.
class Client {
 public:
  explicit Client(os::Fd fd) : fd_(std::move(fd)) {}

  std::size_t send(std::string_view bytes);  // as much as the kernel takes
  void shut_down();                          // sends no more
  void vanish() { fd_.reset(); }
  void reset();  // vanishes with a reset
  void poll();   // takes what has arrived

  std::string received;
  enum class End { Open, Finished, Reset } end = End::Open;
  int fd() const { return fd_.get(); }

 private:
  os::Fd fd_;
};

// A client of the service, over a socket pair; `unread` was read from it elsewhere.
Client connect_to(connection::Service& service, std::string_view unread = {});

// The host table as the worker layer would fill it, with a log that can be read.
class FakeHost {
 public:
  FakeHost();
  hupd_host table{};
  std::vector<std::string> lines;
  std::string failure;
  std::vector<std::pair<std::string, std::string>> settings;
};

class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest();
  void TearDown() override;  // before the application, which derived fixtures hold, is gone

  // Starts serving with the table; call once, after `config` has been adjusted.
  void serve(const hupd_app& table, void* app);
  Client connect(std::string_view unread = {}) { return connect_to(*service, unread); }
  Client connect_tcp();  // over loopback
  void settle();         // until the loop has nothing to do at once
  // Turns the loop, and the client's socket, until `done` holds; fails the test after 5 s of
  // its own.
  void run_until(const std::function<bool()>& done, Client* client = nullptr);
  void run_until_closed(Client& client);
  std::string exchange(Client& client, std::string_view request);  // send, settle, received

  uv_loop_t loop;
  FakeHost host;
  config::App config;
  connection::Counters counters;
  std::unique_ptr<connection::Service> service;
};

}  // namespace hupd::test
