// Keys of what happens to connections.
#include "config/ranges.hpp"
#include "config/tables.hpp"

namespace hupd::config {

std::vector<Key<Connection>> connection_keys() {
  return {
      key("read_buffer", &Connection::read_buffer, size(4 * kib, 64 * mib), "\"64KiB\"",
          "Unread bytes that a connection may hold before reading pauses."),
      key("write_high_mark", &Connection::write_high_mark, size(4 * kib, gib), "\"256KiB\"",
          "Queued bytes from which a connection asks its writer to wait."),
      key("idle_timeout", &Connection::idle_timeout, duration(Millis(0), day), "\"0s\"",
          "Closes a connection on which nothing moves (not HTTP, which has its own); 0s: never."),
      key("linger_timeout", &Connection::linger_timeout, duration(Millis(0), hour), "\"2s\"",
          "How long a closed connection is still read, so that the peer gets the last bytes; 0s: "
          "not at all."),
  };
}

std::vector<Key<Http>> http_keys() {
  return {
      key("header_timeout", &Http::header_timeout, duration(instant, day), "\"30s\"",
          "From the first byte of a request to the end of its headers."),
      key("body_timeout", &Http::body_timeout, duration(instant, day), "\"30s\"",
          "Between two pieces of a request's body."),
      key("idle_timeout", &Http::idle_timeout, duration(instant, day), "\"75s\"",
          "Between two requests on one connection."),
      key("write_timeout", &Http::write_timeout, duration(instant, day), "\"30s\"",
          "Without progress in sending a response."),
      key("max_header", &Http::max_header, size(256, 16 * mib), "\"16KiB\"",
          "Request line and headers together; more is answered 431."),
      key("max_target", &Http::max_target, size(16, 16 * mib), "\"8KiB\"",
          "The target in the request line; more is answered 414."),
      key("max_body", &Http::max_body, size(0, 1024 * gib), "\"1MiB\"",
          "A body that is collected for the application; more is answered 413."),
      key("max_headers", &Http::max_headers, count(1, 10'000), "100",
          "The number of header lines; more is answered 431."),
  };
}

std::vector<Key<Handover>> handover_keys() {
  return {key("max_state", &Handover::max_state, size(64 * kib, gib), "\"16MiB\"",
              "Of a connection, state and unread bytes together; or of what a worker leaves."),
          key("balance", &Handover::balance, count(0, 100'000), "0",
              "Connections a second that a worker with more than its share may give to others.")};
}

}  // namespace hupd::config
