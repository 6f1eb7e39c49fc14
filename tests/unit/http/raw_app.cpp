#include "raw_app.hpp"

#include <cstdlib>

namespace hupd::test {

RawApp::RawApp() {
  ops.size = sizeof ops;
  ops.head = [](void* self, hupd_exchange* exchange, const hupd_request* seen) {
    auto& app = *static_cast<RawApp*>(self);
    return app.head ? app.head(exchange, *seen) : int{HUPD_BODY_WHOLE};
  };
  ops.body = [](void* self, hupd_exchange* exchange, hupd_str piece, int last) {
    static_cast<RawApp*>(self)->body(exchange, {piece.data, piece.size}, last != 0);
  };
  ops.request = [](void* self, hupd_exchange* exchange, const hupd_request* seen) {
    static_cast<RawApp*>(self)->request(exchange, *seen);
  };
  ops.writable = [](void* self, hupd_exchange* exchange) {
    auto& app = *static_cast<RawApp*>(self);
    if (app.writable) app.writable(exchange);
  };
  ops.closed = [](void* self, hupd_exchange*, int completed) {
    static_cast<RawApp*>(self)->log.push_back("closed " + std::to_string(completed));
  };
  table.size = sizeof table;
  table.abi_version = HUPD_ABI_VERSION;
  table.http = &ops;
}

int respond(const hupd_host& host, hupd_exchange* exchange, std::string_view body, unsigned status,
            std::vector<hupd_header> headers) {
  const hupd_response response{sizeof response, status, headers.data(), headers.size(), str(body)};
  return host.http_respond(exchange, &response);
}

RawTest::RawTest() {
  app.request = [this](hupd_exchange* exchange, const hupd_request& seen) {
    respond(host.table, exchange,
            text(seen.method) + " " + text(seen.target) + " " + text(seen.body));
  };
}

std::string RawTest::summary(std::string_view rest, bool to_head) {
  std::string all;
  while (!rest.empty()) {
    const std::size_t head_size = rest.find("\r\n\r\n") + 4;
    if (head_size < 4 || !rest.starts_with("HTTP/1.1 ")) return all + "?" + std::string(rest);
    const std::string head(rest.substr(0, head_size));
    rest.remove_prefix(head_size);
    if (!all.empty()) all += "|";
    all += head.substr(9, 3) + " ";
    if (head.starts_with("HTTP/1.1 100")) continue;
    const std::size_t length = head.find("\r\nContent-Length: ");
    if (to_head) continue;
    if (length != std::string::npos) {
      const std::size_t size = std::strtoul(head.c_str() + length + 18, nullptr, 10);
      all += rest.substr(0, size);
      rest.remove_prefix(std::min(size, rest.size()));
    } else if (head.find("\r\nTransfer-Encoding: chunked\r\n") != std::string::npos) {
      while (!rest.empty()) {
        char* stop = nullptr;
        const std::string copy(rest);
        const std::size_t size = std::strtoul(copy.c_str(), &stop, 16);
        rest.remove_prefix(static_cast<std::size_t>(stop - copy.c_str()) + 2);
        all += rest.substr(0, size);
        rest.remove_prefix(std::min(size + 2, rest.size()));
        if (size == 0) break;
      }
    } else if (!head.starts_with("HTTP/1.1 204") && !head.starts_with("HTTP/1.1 304")) {
      all += rest;  // until the close
      rest = {};
    }
    if (head.find("\r\nConnection: close\r\n") != std::string::npos) all += " (close)";
  }
  return all;
}

}  // namespace hupd::test
