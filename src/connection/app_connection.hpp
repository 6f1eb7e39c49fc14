// A connection of the connection height: bytes go to the application's table of callbacks.
#pragma once

#include <chrono>
#include <string_view>

#include <hupd/app.h>

#include "connection/connection.hpp"
#include "connection/service.hpp"

namespace hupd::connection {

// What all connections of an application share.
struct AppContext {
  explicit AppContext(const Worker& for_worker);

  Worker worker;
  hupd_connection_ops ops;
  Policy policy;
  Hub hub;
};

}  // namespace hupd::connection

// The handle that the application holds. Destroys itself when the connection has closed.
struct hupd_connection final : hupd::connection::Handler {
 public:
  hupd_connection(hupd::connection::AppContext& context, hupd::os::Fd fd, hupd::os::Peer peer,
                  std::string_view unread);
  virtual ~hupd_connection() = default;

  void open();  // asks the application; call once
  int write(std::string_view bytes);
  void set_idle_timeout(std::chrono::milliseconds timeout);
  hupd::connection::Connection& connection() { return connection_; }
  hupd_worker* worker() const { return context_.worker.handle; }

 private:
  std::size_t on_data(std::string_view bytes) override;
  void on_end() override;
  void on_flushed() override {}
  void on_writable() override;
  void on_drain() override;
  void on_timeout() override { connection_.finish(); }
  void on_progress() override;
  void on_closed() override;
  // Whether a protocol of its own has something in hand, only the application knows.
  bool is_busy() const override { return true; }

  hupd::connection::AppContext& context_;
  hupd::connection::Limit* idle_;
  void* state_ = nullptr;
  bool refused_ = false;  // by `open`, so `closed` is not owed
  hupd::connection::Connection connection_;
};
