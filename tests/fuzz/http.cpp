// Any bytes at all on an HTTP session. What must hold, beside what the sanitizers see: the session
// ends when its client does, and the answers do not depend on how the bytes were cut.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "fixture.hpp"
#include "http/service.hpp"

namespace {

using hupd::test::Client;

hupd::test::FakeHost& host() {
  static hupd::test::FakeHost made;
  return made;
}

hupd_str str(std::string_view text) { return {text.data(), text.size()}; }

// The method chooses how the application behaves.
int on_head(void*, hupd_exchange*, const hupd_request* request) {
  return std::string_view(request->method.data, request->method.size) == "PUT"
             ? int{HUPD_BODY_PIECES}
             : int{HUPD_BODY_WHOLE};
}
void on_body(void*, hupd_exchange* exchange, hupd_str, int last) {
  const hupd_response response{sizeof response, 200, nullptr, 0, str("stored")};
  if (last != 0) host().table.http_respond(exchange, &response);
}
void on_request(void*, hupd_exchange* exchange, const hupd_request* request) {
  const hupd_header echo{str("X-Target"), request->target};
  const hupd_response response{sizeof response, 200, &echo, 1, request->body};
  const hupd_header protocol{str("Upgrade"), str("echo")};
  const hupd_response upgrade{sizeof upgrade, 101, &protocol, 1, {}};
  if (host().table.http_upgrade(exchange, &upgrade) == HUPD_WRITTEN) return;
  if (std::string_view(request->method.data, request->method.size) != "DELETE") {
    host().table.http_respond(exchange, &response);
    return;
  }
  host().table.http_begin(exchange, &response, -1);
  host().table.http_write(exchange, request->body);
  host().table.http_end(exchange);
}

std::size_t on_upgraded_data(void*, hupd_connection* connection, void*, hupd_str bytes) {
  host().table.connection_write(connection, bytes);
  return bytes.size;
}

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

// What may differ from run to run.
void remove_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos;) {
    const std::size_t end = text.find(to, at);
    text.erase(at, end == std::string::npos ? end : end + to.size() - at);
  }
}

class Session {
 public:
  Session() {
    uv_loop_init(&loop_);
    config_.http.max_header = 512;
    config_.http.max_body = 1000;
    config_.http.header_timeout = config_.http.body_timeout = config_.http.idle_timeout =
        config_.http.write_timeout = hupd::config::Millis(0);
    ops_.size = sizeof ops_;
    ops_.head = on_head;
    ops_.body = on_body;
    ops_.request = on_request;
    upgraded_.size = sizeof upgraded_;
    upgraded_.data = on_upgraded_data;
    ops_.upgraded = &upgraded_;
    table_.size = sizeof table_;
    table_.http = &ops_;
    service_ = hupd::http1::make_service(
        {&loop_, table_, nullptr, nullptr, config_, host().table, counters_});
  }

  std::string run(std::string_view bytes, std::size_t piece) {
    Client client = hupd::test::connect_to(*service_);
    while (!bytes.empty()) {
      bytes.remove_prefix(client.send(bytes.substr(0, piece)));
      turn();
      client.poll();
      if (client.end != Client::End::Open) break;
    }
    client.shut_down();
    for (int i = 0; i < 1000 && service_->open() > 0; ++i) {
      turn();
      client.poll();
    }
    if (service_->open() > 0) fail("the session outlives its client");
    remove_all(client.received, "Date: ", "\r\n");
    remove_all(client.received, "HTTP/1.1 100 Continue", "\r\n\r\n");
    return client.received;
  }

 private:
  void turn() {
    for (int i = 0; i < 3; ++i) uv_run(&loop_, UV_RUN_NOWAIT);
  }

  uv_loop_t loop_;
  hupd::config::App config_;
  hupd::connection::Counters counters_;
  hupd_connection_ops upgraded_{};
  hupd_http_ops ops_{};
  hupd_app table_{};
  std::unique_ptr<hupd::connection::Service> service_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Session& session = *new Session;  // lives as long as the process
  if (size == 0 || size > 4096) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string whole = session.run(bytes, 4096);
  const std::string cut = session.run(bytes, 1 + data[0] % 37);
  if (whole != cut) {
    std::fprintf(stderr, "--- whole:\n%s\n--- cut:\n%s\n", whole.c_str(), cut.c_str());
    fail("the answers depend on how the bytes were cut");
  }
  host().lines.clear();
  return 0;
}
