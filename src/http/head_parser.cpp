#include "http/head_parser.hpp"

namespace hupd::http1 {

const llhttp_settings_t& HeadParser::settings() {
  static const llhttp_settings_t shared = [] {
    llhttp_settings_t made;
    llhttp_settings_init(&made);
    made.on_url = [](llhttp_t* llhttp, const char* at, std::size_t size) {
      return of(llhttp).on_target(at, size);
    };
    made.on_header_field = [](llhttp_t* llhttp, const char* at, std::size_t size) {
      return of(llhttp).on_name(at, size);
    };
    made.on_header_value = [](llhttp_t* llhttp, const char* at, std::size_t size) {
      return of(llhttp).on_value(at, size);
    };
    made.on_header_value_complete = [](llhttp_t* llhttp) {
      of(llhttp).place_ = Place::FieldValue;  // an empty value has no other sign
      return 0;
    };
    // Here llhttp's part ends: it never sees a body.
    made.on_headers_complete = [](llhttp_t*) -> int { return HPE_PAUSED; };
    return made;
  }();
  return shared;
}

HeadParser::HeadParser(const Limits& limits) : limits_(limits) {
  llhttp_init(&llhttp_, HTTP_REQUEST, &settings());
  llhttp_.data = this;
}

void HeadParser::begin() {
  llhttp_reset(&llhttp_);
  place_ = Place::RequestLine;
  used_ = 0;
  target_ = {};
  headers_.clear();
}

HeadParser::Event HeadParser::read(std::string_view bytes) {
  first_ = bytes.data();
  const std::string_view allowed = bytes.substr(0, limits_.max_header);
  const llhttp_errno_t error = execute(allowed.substr(used_));
  if (error == HPE_PAUSED) return Event::Head;
  if (error != HPE_OK) return bad(error, bytes);
  // To a line of method and target alone, HTTP/0.9, an answer is due before a head is complete.
  const std::size_t line = bytes.find('\n');
  if (line != std::string_view::npos && bytes.substr(0, line).find(" HTTP/") == bytes.npos) {
    return bad(400, "the request line names no version");
  }
  if (used_ < limits_.max_header) return Event::More;
  return bad(431, "the request's head is larger than http.max_header");
}

llhttp_errno_t HeadParser::execute(std::string_view bytes) {
  const llhttp_errno_t error = llhttp_execute(&llhttp_, bytes.data(), bytes.size());
  if (error == HPE_OK) {
    used_ += bytes.size();
  } else if (const char* stop = llhttp_get_error_pos(&llhttp_); stop != nullptr) {
    used_ += static_cast<std::size_t>(stop - bytes.data());
  }
  return error;
}

int HeadParser::on_target(const char* at, std::size_t size) {
  extend(target_, at, size);
  if (target_.size <= limits_.max_target) return 0;
  fault_ = {414, "the request target is longer than http.max_target"};
  return HPE_USER;
}

int HeadParser::on_name(const char* at, std::size_t size) {
  if (place_ != Place::FieldName) {
    if (headers_.size() == limits_.max_headers) {
      fault_ = {431, "more header fields than http.max_headers"};
      return HPE_USER;
    }
    headers_.emplace_back();
    place_ = Place::FieldName;
  }
  extend(headers_.back().name, at, size);
  return 0;
}

int HeadParser::on_value(const char* at, std::size_t size) {
  place_ = Place::FieldValue;
  extend(headers_.back().value, at, size);
  return 0;
}

void HeadParser::extend(Slice& slice, const char* at, std::size_t size) const {
  if (slice.size == 0) slice.offset = static_cast<std::uint32_t>(at - first_);
  slice.size += static_cast<std::uint32_t>(size);
}

std::string_view HeadParser::method() const {
  return llhttp_method_name(static_cast<llhttp_method_t>(llhttp_.method));
}

unsigned HeadParser::version() const { return llhttp_.http_major * 10U + llhttp_.http_minor; }

}  // namespace hupd::http1
