// llhttp, turned inside out: instead of callbacks, a request comes apart one event at a time, so
// that whoever acts on an event may do anything, also end the connection.
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

class Parser {
 public:
  explicit Parser(const Limits& limits);
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  enum class Event {
    More,   // everything given was used; more is needed
    Head,   // the head is complete: its first `used()` bytes of what was given
    Piece,  // `piece()` is a part of the body
    End,    // the body is complete
    Bad     // see `fault()`
  };

  void begin();  // for the next request

  // `bytes` begins with the head's first byte at every call, also those seen before.
  Event read_head(std::string_view bytes);
  // After Head. `bytes` begins behind what was used; call again, also with nothing, until More.
  Event read_body(std::string_view bytes);

  std::size_t used() const { return used_; }
  std::string_view piece() const { return piece_; }
  const Fault& fault() const { return fault_; }

  // After Head.
  std::string_view method() const;
  unsigned version() const;  // 10, 11, 20 …
  const Slice& target() const { return target_; }
  const std::vector<HeaderSlices>& headers() const { return headers_; }
  bool keep_alive() const { return llhttp_should_keep_alive(&llhttp_) != 0; }

 private:
  enum class Place { RequestLine, FieldName, FieldValue, Body };

  static const llhttp_settings_t& settings();
  static Parser& of(llhttp_t* llhttp) { return *static_cast<Parser*>(llhttp->data); }
  llhttp_errno_t execute(std::string_view bytes);
  Event bad(llhttp_errno_t error, std::string_view head);
  void extend(Slice& slice, const char* at, std::size_t size) const;
  int refuse(unsigned status, const char* reason);

  llhttp_t llhttp_;
  const Limits& limits_;
  Place place_ = Place::RequestLine;
  bool message_complete_ = false;
  const char* head_ = nullptr;  // the head's first byte, during read_head()
  std::size_t used_ = 0;
  std::size_t overhead_ = 0;  // bytes of the body's framing since its last piece
  std::string_view piece_;
  Slice target_;
  std::vector<HeaderSlices> headers_;
  Fault fault_;
};

}  // namespace hupd::http1
