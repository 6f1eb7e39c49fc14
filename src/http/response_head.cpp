#include "http/response_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "http/status.hpp"
#include "http/token.hpp"

namespace hupd::http1 {
namespace {

std::string_view view(hupd_str text) { return {text.data, text.size}; }

bool is_hosts_own(std::string_view name) {
  switch (name.size()) {
    case 4:
      return equals_ignoring_case(name, "date");
    case 10:
      return equals_ignoring_case(name, "connection") || equals_ignoring_case(name, "keep-alive");
    case 14:
      return equals_ignoring_case(name, "content-length");
    case 17:
      return equals_ignoring_case(name, "transfer-encoding");
    default:
      return false;
  }
}

bool is_upgrade(std::string_view name) {
  return name.size() == 7 && equals_ignoring_case(name, "upgrade");
}

void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), end);
}

}  // namespace

void append(std::string& out, const ResponseHead& head) {
  if (head.status == 200) {
    out += "HTTP/1.1 200 OK\r\nDate: ";
  } else {
    out += "HTTP/1.1 ";
    append_number(out, head.status);
    out += ' ';
    out += reason_phrase(head.status);
    out += "\r\nDate: ";
  }
  out += head.date;
  out += "\r\n";
  for (const hupd_header& field : head.fields) {
    if (is_hosts_own(view(field.name))) continue;
    out += view(field.name);
    out += ": ";
    out += view(field.value);
    out += "\r\n";
    // It is of this connection alone, so no proxy may pass it on (RFC 9110, section 7.8).
    if (is_upgrade(view(field.name))) out += "Connection: Upgrade\r\n";
  }
  switch (head.framing) {
    case Framing::None:
    case Framing::UntilClose:
      break;
    case Framing::Length:
      out += "Content-Length: ";
      append_number(out, head.content_length);
      out += "\r\n";
      break;
    case Framing::Chunked:
      out += "Transfer-Encoding: chunked\r\n";
      break;
  }
  switch (head.persistence) {
    case Persistence::Implied:
      break;
    case Persistence::KeepAlive:
      out += "Connection: keep-alive\r\n";
      break;
    case Persistence::Close:
      out += "Connection: close\r\n";
      break;
  }
  out += "\r\n";
}

std::string_view find_fault(std::span<const hupd_header> fields) {
  for (const hupd_header& field : fields) {
    if (!is_token(view(field.name))) return "the name of a response header is not a token";
    const std::string_view value = view(field.value);
    const bool clean = std::none_of(value.begin(), value.end(),
                                    [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
    if (!clean) return "the value of a response header contains CR, LF or NUL";
  }
  return {};
}

bool has_upgrade(std::span<const hupd_header> fields) {
  return std::ranges::any_of(fields,
                             [](const hupd_header& field) { return is_upgrade(view(field.name)); });
}

bool asks_to_close(std::span<const hupd_header> fields) {
  for (const hupd_header& field : fields) {
    if (field.name.size != 10 || !equals_ignoring_case(view(field.name), "connection")) continue;
    if (equals_ignoring_case(trim(view(field.value)), "close")) return true;
  }
  return false;
}

}  // namespace hupd::http1
