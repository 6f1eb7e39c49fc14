#include "http/parser.hpp"

#include <algorithm>

namespace hupd::http1 {

const llhttp_settings_t& Parser::settings() {
  static const llhttp_settings_t shared = [] {
    llhttp_settings_t made;
    llhttp_settings_init(&made);
    made.on_url = [](llhttp_t* llhttp, const char* at, std::size_t size) -> int {
      Parser& self = of(llhttp);
      self.extend(self.target_, at, size);
      if (self.target_.size <= self.limits_.max_target) return 0;
      return self.refuse(414, "the request target is longer than http.max_target");
    };
    made.on_header_field = [](llhttp_t* llhttp, const char* at, std::size_t size) -> int {
      Parser& self = of(llhttp);
      if (self.place_ == Place::Body) return 0;  // a trailer: dropped
      if (self.place_ != Place::FieldName) {
        if (self.headers_.size() == self.limits_.max_headers) {
          return self.refuse(431, "more header fields than http.max_headers");
        }
        self.headers_.emplace_back();
        self.place_ = Place::FieldName;
      }
      self.extend(self.headers_.back().name, at, size);
      return 0;
    };
    made.on_header_value = [](llhttp_t* llhttp, const char* at, std::size_t size) -> int {
      Parser& self = of(llhttp);
      if (self.place_ == Place::Body) return 0;
      self.place_ = Place::FieldValue;
      self.extend(self.headers_.back().value, at, size);
      return 0;
    };
    made.on_header_value_complete = [](llhttp_t* llhttp) -> int {
      Parser& self = of(llhttp);
      if (self.place_ != Place::Body) self.place_ = Place::FieldValue;  // also when it is empty
      return 0;
    };
    made.on_headers_complete = [](llhttp_t* llhttp) -> int {
      llhttp->upgrade = 0;  // no other protocol follows: CONNECT and Upgrade are plain requests
      return HPE_PAUSED;
    };
    made.on_body = [](llhttp_t* llhttp, const char* at, std::size_t size) -> int {
      of(llhttp).piece_ = {at, size};
      return HPE_PAUSED;
    };
    made.on_message_complete = [](llhttp_t* llhttp) -> int {
      of(llhttp).message_complete_ = true;
      return HPE_PAUSED;
    };
    return made;
  }();
  return shared;
}

Parser::Parser(const Limits& limits) : limits_(limits) {
  llhttp_init(&llhttp_, HTTP_REQUEST, &settings());
  llhttp_.data = this;
}

void Parser::begin() {
  llhttp_reset(&llhttp_);
  place_ = Place::RequestLine;
  message_complete_ = false;
  used_ = 0;
  overhead_ = 0;
  target_ = {};
  headers_.clear();
  fault_ = {};
}

Parser::Event Parser::read_head(std::string_view bytes) {
  head_ = bytes.data();
  const std::string_view allowed = bytes.substr(0, limits_.max_header);
  const llhttp_errno_t error = execute(allowed.substr(used_));
  if (error == HPE_PAUSED) {
    place_ = Place::Body;
    return Event::Head;
  }
  if (error != HPE_OK) return bad(error, bytes);
  if (llhttp_.http_major == 0 && llhttp_.http_minor == 9) {  // "GET /" and nothing else
    fault_ = {505, "HTTP/0.9 is not served"};
    return Event::Bad;
  }
  if (used_ < limits_.max_header) return Event::More;
  fault_ = {431, "the request's head is larger than http.max_header"};
  return Event::Bad;
}

Parser::Event Parser::read_body(std::string_view bytes) {
  piece_ = {};
  used_ = 0;
  const llhttp_errno_t error = execute(bytes);
  if (message_complete_) return Event::End;
  if (error == HPE_PAUSED) {
    overhead_ = 0;
    return Event::Piece;
  }
  if (error != HPE_OK) return bad(error, {});
  overhead_ += used_;
  if (overhead_ <= limits_.max_header) return Event::More;
  fault_ = {431, "chunk extensions or trailers larger than http.max_header"};
  return Event::Bad;
}

// Adds what was consumed to `used_`.
llhttp_errno_t Parser::execute(std::string_view bytes) {
  if (llhttp_get_errno(&llhttp_) == HPE_PAUSED) llhttp_resume(&llhttp_);
  const llhttp_errno_t error = llhttp_execute(&llhttp_, bytes.data(), bytes.size());
  if (error == HPE_OK) {
    used_ += bytes.size();
  } else if (const char* stop = llhttp_get_error_pos(&llhttp_); stop != nullptr) {
    used_ += static_cast<std::size_t>(stop - bytes.data());
  }
  return error;
}

void Parser::extend(Slice& slice, const char* at, std::size_t size) const {
  if (slice.size == 0) slice.offset = static_cast<std::uint32_t>(at - head_);
  slice.size += static_cast<std::uint32_t>(size);
}

int Parser::refuse(unsigned status, const char* reason) {
  fault_ = {status, reason};
  return HPE_USER;
}

std::string_view Parser::method() const {
  return llhttp_method_name(static_cast<llhttp_method_t>(llhttp_.method));
}

unsigned Parser::version() const { return llhttp_.http_major * 10U + llhttp_.http_minor; }

}  // namespace hupd::http1
