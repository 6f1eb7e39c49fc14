// The connection_* functions of the host table.
#include "connection/app_connection.hpp"
#include "connection/service.hpp"

namespace hupd::connection {
namespace {

int write(hupd_connection* connection, hupd_str bytes) {
  return connection->write({bytes.data, bytes.size});
}
void finish(hupd_connection* connection) { connection->connection().finish(); }
void abort(hupd_connection* connection) { connection->connection().abort(); }
void pause(hupd_connection* connection) { connection->connection().pause(); }
void resume(hupd_connection* connection) { connection->connection().resume(); }
void timeout(hupd_connection* connection, std::uint64_t timeout_ms) {
  connection->set_idle_timeout(std::chrono::milliseconds(timeout_ms));
}
hupd_str peer(hupd_connection* connection) {
  const std::string& text = connection->connection().peer();
  return {text.data(), text.size()};
}
void movable(hupd_connection* connection) { connection->connection().may_depart(); }
hupd_str listener(hupd_connection* connection) {
  const std::string& address = connection->connection().listener();
  return {address.data(), address.size()};
}
hupd_worker* worker(hupd_connection* connection) { return connection->worker(); }

}  // namespace

void fill(hupd_host& host) {
  host.connection_write = write;
  host.connection_finish = finish;
  host.connection_abort = abort;
  host.connection_pause = pause;
  host.connection_resume = resume;
  host.connection_timeout = timeout;
  host.connection_peer = peer;
  host.connection_worker = worker;
  host.connection_movable = movable;
  host.connection_listener = listener;
  fill_state(host);
}

}  // namespace hupd::connection
