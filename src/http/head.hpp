// The rules of a request's head that llhttp does not hold, or not in every version: exactly the
// ones by which two servers could disagree on where a request ends.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "http/head_parser.hpp"

namespace hupd::http1 {

struct Head {
  enum class Body { None, Length, Chunked };

  unsigned version = 11;  // 10 or 11
  bool is_head_method = false;
  bool keep_alive = true;         // the client will send more
  bool asks_to_upgrade = false;   // to another protocol, if the server likes
  bool expects_continue = false;  // and waits for it before it sends the body
  Body body = Body::None;
  std::uint64_t content_length = 0;
};

// `head` is the complete head that `parser` has read.
std::variant<Head, Fault> check_head(const HeadParser& parser, std::string_view head);

}  // namespace hupd::http1
