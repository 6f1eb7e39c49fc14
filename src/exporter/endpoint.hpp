// GET /metrics, served by the same HTTP as applications are.
#pragma once

#include <list>
#include <memory>
#include <string>

#include <hupd/app.h>

#include "connection/service.hpp"
#include "exporter/inquiry.hpp"
#include "loop/handle.hpp"

namespace hupd::exporter {

class Endpoint {
 public:
  // Both outlive it.
  Endpoint(uv_loop_t* loop, Inquiry& inquiry);
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  void accept(os::Fd fd, os::Peer peer) { service_->accept(std::move(fd), peer, ""); }
  std::size_t open() const { return service_->open(); }
  // No more are accepted. Turns the loop until those that were have their answers, for less
  // than the master gives it to leave.
  void finish();
  // The end, out of the loop.
  void close_all();

 private:
  using Exchanges = std::list<hupd_exchange*>;

  void request(hupd_exchange* exchange, const hupd_request& request);
  void forget(hupd_exchange* exchange);
  void ask();
  void answered(const std::string& text);
  void give_up();
  void respond(hupd_exchange* exchange, std::uint32_t status, std::string_view type,
               std::string_view body) const;
  void respond_all(Exchanges& exchanges, std::uint32_t status, std::string_view type,
                   std::string_view body) const;

  uv_loop_t* loop_;
  Inquiry& inquiry_;
  hupd_host host_{};
  hupd_http_ops ops_{};
  hupd_app table_{};
  config::App settings_;
  connection::Counters counters_;
  Exchanges asked_;    // before the master was, so that its answer is for them
  Exchanges waiting_;  // came meanwhile: what they get is not to be older than their request
  bool is_asking_ = false;
  loop::Timer patience_;
  std::unique_ptr<connection::Service> service_;
};

}  // namespace hupd::exporter
