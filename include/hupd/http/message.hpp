// Requests and responses.
#ifndef HUPD_HTTP_MESSAGE_HPP
#define HUPD_HTTP_MESSAGE_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hupd/app.hpp>

namespace hupd::http {

inline bool equals_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

struct Header {
  std::string_view name;  // as received; compare without regard to case
  std::string_view value;
};

// The request's header fields, in the order received; a range of Header.
class Headers {
 public:
  class Iterator {
   public:
    explicit Iterator(const hupd_header* at) : at_(at) {}
    Header operator*() const {
      return {hupd::detail::view(at_->name), hupd::detail::view(at_->value)};
    }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const hupd_header* at_;
  };

  Headers(const hupd_header* first, std::size_t count) : first_(first), count_(count) {}
  std::size_t size() const { return count_; }
  Iterator begin() const { return Iterator(first_); }
  Iterator end() const { return Iterator(first_ + count_); }

 private:
  const hupd_header* first_;
  std::size_t count_;
};

// Views into the host's memory: valid until the function that was given the request returns.
class Request {
 public:
  Request(const hupd_request& request, hupd_exchange* exchange)
      : request_(request), exchange_(exchange) {}

  std::string_view method() const { return hupd::detail::view(request_.method); }
  std::string_view target() const { return hupd::detail::view(request_.target); }  // "/a?b=c"
  std::string_view path() const { return target().substr(0, target().find('?')); }
  std::string_view query() const {  // behind the "?"; empty when there is none
    const std::size_t mark = target().find('?');
    return mark == std::string_view::npos ? std::string_view() : target().substr(mark + 1);
  }
  unsigned version() const { return request_.version; }  // 10 or 11
  Headers headers() const { return {request_.headers, request_.header_count}; }
  std::optional<std::string_view> header(std::string_view name) const {  // the first of that name
    for (const Header field : headers()) {
      if (equals_ignoring_case(field.name, name)) return field.value;
    }
    return std::nullopt;
  }
  std::string_view body() const { return hupd::detail::view(request_.body); }
  std::string_view peer() const {  // "192.0.2.1:5050"
    return hupd::detail::view(hupd::detail::host->http_peer(exchange_));
  }

 private:
  const hupd_request& request_;
  hupd_exchange* exchange_;
};

// Content-Length, Transfer-Encoding and Date are the host's and left out when set here; so is
// Connection, but for "close", which is heeded; an Upgrade field gets one by itself.
class Response {
 public:
  Response() = default;
  explicit Response(unsigned with_status, std::string with_body = {})
      : status_(with_status), body_(std::move(with_body)) {}

  unsigned status() const { return status_; }
  const std::string& body() const { return body_; }
  const std::vector<std::pair<std::string, std::string>>& headers() const { return headers_; }
  std::string_view type() const { return type_; }

  Response& status(unsigned status) {
    status_ = status;
    return *this;
  }
  Response& body(std::string body) {
    body_ = std::move(body);
    return *this;
  }
  Response& header(std::string name, std::string value) {  // adds one
    headers_.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  // Content-Type, from a string that lives as long as the program: spares the usual response an
  // allocation.
  template <std::size_t Size>
  Response& type(const char (&literal)[Size]) {
    type_ = {literal, Size - 1};
    return *this;
  }

 private:
  unsigned status_ = 200;
  std::string_view type_;
  std::string body_;
  std::vector<std::pair<std::string, std::string>> headers_;
};

inline Response text(std::string body) {
  return std::move(Response(200, std::move(body)).type("text/plain; charset=utf-8"));
}
inline Response html(std::string body) {
  return std::move(Response(200, std::move(body)).type("text/html; charset=utf-8"));
}
inline Response json(std::string body) {
  return std::move(Response(200, std::move(body)).type("application/json"));
}
inline Response status(unsigned code) { return Response(code); }
// With Exchange::upgrade(): goes on in `protocol`, of those that the request's Upgrade field names.
inline Response upgrade_to(std::string protocol) {
  return std::move(Response(101).header("Upgrade", std::move(protocol)));
}
inline Response redirect(std::string location, unsigned code = 302) {
  return std::move(Response(code).header("Location", std::move(location)));
}

}  // namespace hupd::http

#endif  // HUPD_HTTP_MESSAGE_HPP
