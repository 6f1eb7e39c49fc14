#include "http/context.hpp"

#include <algorithm>

#include "connection/table.hpp"

namespace hupd::http1 {
namespace {

connection::Policy policy_of(const config::App& settings) {
  return {.unread_limit = std::max(settings.connection.read_buffer, settings.http.max_header + 1),
          .write_high_mark = settings.connection.write_high_mark,
          .write_timeout = settings.http.write_timeout,
          .linger_timeout = settings.connection.linger_timeout};
}

}  // namespace

Context::Context(const connection::Worker& for_worker)
    : worker(for_worker),
      ops(connection::complete(for_worker.table.http)),
      policy(policy_of(for_worker.settings)),
      limits{for_worker.settings.http.max_header, for_worker.settings.http.max_target,
             for_worker.settings.http.max_headers},
      hub(for_worker.loop, for_worker.counters),
      upgraded(for_worker, ops.upgraded, handover::Protocol::Upgraded, hub),
      header_limit(hub.deadlines().limit(for_worker.settings.http.header_timeout)),
      body_limit(hub.deadlines().limit(for_worker.settings.http.body_timeout)),
      idle_limit(hub.deadlines().limit(for_worker.settings.http.idle_timeout)) {}

}  // namespace hupd::http1
