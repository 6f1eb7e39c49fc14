// The http_* functions of the host table.
#include "connection/table.hpp"
#include "http/service.hpp"
#include "http/session.hpp"

namespace hupd::http1 {
namespace {

void set_data(hupd_exchange* exchange, void* data) { exchange->data = data; }
void* data(hupd_exchange* exchange) { return exchange->data; }
hupd_str peer(hupd_exchange* exchange) {
  const std::string& text = exchange->session().connection().peer();
  return {text.data(), text.size()};
}
hupd_str listener(hupd_exchange* exchange) {
  const std::string& address = exchange->session().connection().listener();
  return {address.data(), address.size()};
}
hupd_worker* worker(hupd_exchange* exchange) { return exchange->session().context().worker.handle; }
int respond(hupd_exchange* exchange, const hupd_response* response) {
  return exchange->respond(connection::complete(response));
}
int begin(hupd_exchange* exchange, const hupd_response* head, std::int64_t content_length) {
  return exchange->begin(connection::complete(head), content_length);
}
int write(hupd_exchange* exchange, hupd_str piece) {
  return exchange->write({piece.data, piece.size});
}
int end(hupd_exchange* exchange) { return exchange->end(); }
void pause(hupd_exchange* exchange) { exchange->session().pause(); }
void resume(hupd_exchange* exchange) { exchange->session().resume(); }

void abort(hupd_exchange* exchange) { exchange->abort(); }
int upgrade(hupd_exchange* exchange, const hupd_response* head) {
  return exchange->upgrade(connection::complete(head));
}

}  // namespace

void fill(hupd_host& host) {
  host.http_set_data = set_data;
  host.http_data = data;
  host.http_peer = peer;
  host.http_worker = worker;
  host.http_respond = respond;
  host.http_begin = begin;
  host.http_write = write;
  host.http_end = end;
  host.http_pause = pause;
  host.http_resume = resume;
  host.http_abort = abort;
  host.http_listener = listener;
  host.http_upgrade = upgrade;
}

}  // namespace hupd::http1
