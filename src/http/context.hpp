// What all HTTP sessions of a worker share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <hupd/app.h>

#include "connection/app_connection.hpp"
#include "connection/connection.hpp"
#include "connection/hub.hpp"
#include "connection/service.hpp"
#include "http/date.hpp"
#include "http/head_parser.hpp"

namespace hupd::http1 {

struct Context {
  explicit Context(const connection::Worker& for_worker);

  void log(hupd_log_level level, std::string_view text) const {
    worker.host.log(level, {text.data(), text.size()});
  }

  connection::Worker worker;
  hupd_http_ops ops;
  connection::Policy policy;
  Limits limits;
  connection::Hub hub;
  connection::AppContext upgraded;
  connection::Limit& header_limit;
  connection::Limit& body_limit;
  connection::Limit& idle_limit;
  DateCache date;

  // Used by one session at a time, and kept, so that a request allocates nothing.
  std::vector<hupd_header> fields;  // of the request that a callback is being shown
  std::string outgoing;             // see Outlet
};

}  // namespace hupd::http1
