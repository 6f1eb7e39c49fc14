// A connection of the connection height, or one that an application of the http height has
// upgraded: bytes go to the application's table of callbacks.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include <hupd/app.h>

#include "connection/connection.hpp"
#include "connection/service.hpp"

namespace hupd::connection {

// What all such connections of a worker share.
struct AppContext {
  AppContext(const Worker& for_worker, const hupd_connection_ops* table,
             handover::Protocol protocol, Hub& hub);

  Worker worker;
  hupd_connection_ops ops;  // all NULL when there is no table
  handover::Protocol protocol;
  Policy policy;
  Hub& hub;
};

void fill_state(hupd_host& host);  // sets state_append

}  // namespace hupd::connection

// The handle that the application holds. Destroys itself when the connection has closed.
struct hupd_connection final : hupd::connection::Handler {
 public:
  hupd_connection(hupd::connection::AppContext& context, hupd::connection::Incoming incoming);
  virtual ~hupd_connection() = default;

  // One of these, once: a new connection, or one that lived in another worker. `state` is what
  // the application finds there.
  void open(void* state = nullptr);
  void adopt(const hupd::handover::Parcel& parcel);
  void turn_away();  // one that lived there, without asking the application
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
  hupd::connection::Moving on_move(hupd::handover::Parcel& parcel) override;
  void on_moved() override;

  hupd::connection::AppContext& context_;
  hupd::connection::Limit* idle_;
  std::optional<std::chrono::milliseconds> chosen_timeout_;  // by the application
  void* state_ = nullptr;
  bool refused_ = false;  // by `open`, so `closed` is not owed
  hupd::connection::Connection connection_;
};
