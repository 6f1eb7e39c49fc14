// What llhttp's errors mean to a client.
#include <algorithm>
#include <cstring>

#include "http/parser.hpp"
#include "http/token.hpp"

namespace hupd::http1 {
namespace {

// A method that is a proper word and that llhttp does not know, as opposed to no HTTP at all. What
// was read before the error decides, so that the answer does not depend on how the bytes arrived.
bool is_unknown_method(std::string_view seen) {
  seen.remove_prefix(std::min(seen.find_first_not_of("\r\n"), seen.size()));
  const std::string_view word = seen.substr(0, seen.find(' '));
  return !word.empty() && std::all_of(word.begin(), word.end(), is_token_char);
}

}  // namespace

Parser::Event Parser::bad(llhttp_errno_t error, std::string_view head) {
  const char* reason = llhttp_get_error_reason(&llhttp_);
  if (reason == nullptr) reason = "";
  switch (static_cast<int>(error)) {
    case HPE_USER:
      break;  // refuse() has said why
    case HPE_INVALID_METHOD:
      fault_ = {is_unknown_method(head.substr(0, used_ + 1)) ? 501U : 400U, reason};
      break;
    case HPE_INVALID_VERSION:
      // Digits, but of no version that there is.
      fault_ = {std::strcmp(reason, "Invalid HTTP version") == 0 ? 505U : 400U, reason};
      break;
    case HPE_PAUSED_H2_UPGRADE:
      fault_ = {505, "HTTP/2 is not served"};
      break;
    default:
      fault_ = {400, reason};
      break;
  }
  return Event::Bad;
}

}  // namespace hupd::http1
