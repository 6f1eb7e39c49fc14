// The head of a request, read by llhttp: in one go or byte by byte, without copying.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <llhttp.h>

namespace hupd::http1 {

struct Limits {
  std::size_t max_header;  // the whole head, bytes
  std::size_t max_target;
  std::size_t max_headers;
};

// A part of the head, relative to its first byte: the bytes may move while the head arrives.
struct Slice {
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
  std::string_view in(std::string_view head) const { return head.substr(offset, size); }
};

struct HeaderSlices {
  Slice name;
  Slice value;
};

// Why a request cannot be served, and the status to say so with.
struct Fault {
  unsigned status = 0;
  const char* reason = "";
};

class HeadParser {
 public:
  explicit HeadParser(const Limits& limits);
  HeadParser(const HeadParser&) = delete;
  HeadParser& operator=(const HeadParser&) = delete;

  void begin();  // for the next request

  enum class Event {
    More,  // everything given was used; more is needed
    Head,  // the head is complete: the first `used()` bytes of what was given
    Bad    // see `fault()`
  };
  // `bytes` begins with the head's first byte at every call; only those not seen before are parsed.
  Event read(std::string_view bytes);

  std::size_t used() const { return used_; }
  const Fault& fault() const { return fault_; }

  // What is known so far; all of it after Head.
  std::string_view method() const;
  unsigned version() const;  // 10, 11, 20 …
  const Slice& target() const { return target_; }
  const std::vector<HeaderSlices>& headers() const { return headers_; }
  bool keep_alive() const { return llhttp_should_keep_alive(&llhttp_) != 0; }
  bool asks_to_upgrade() const {
    return llhttp_.upgrade != 0;
  }  // both fields that it takes are here

 private:
  enum class Place { RequestLine, FieldName, FieldValue };

  static const llhttp_settings_t& settings();
  static HeadParser& of(llhttp_t* llhttp) { return *static_cast<HeadParser*>(llhttp->data); }
  int on_target(const char* at, std::size_t size);
  int on_name(const char* at, std::size_t size);
  int on_value(const char* at, std::size_t size);
  llhttp_errno_t execute(std::string_view bytes);
  Event bad(unsigned status, const char* reason);
  Event bad(llhttp_errno_t error, std::string_view head);
  void extend(Slice& slice, const char* at, std::size_t size) const;

  llhttp_t llhttp_;
  const Limits& limits_;
  Place place_ = Place::RequestLine;
  const char* first_ = nullptr;  // the head's first byte, during read()
  std::size_t used_ = 0;
  Slice target_;
  std::vector<HeaderSlices> headers_;  // keeps its room from request to request
  Fault fault_;
};

}  // namespace hupd::http1
