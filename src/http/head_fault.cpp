// What llhttp's errors mean to a client.
#include <cstring>

#include "http/head_parser.hpp"
#include "http/token.hpp"

namespace hupd::http1 {
namespace {

// A method that is a proper word and that llhttp does not know, as opposed to no HTTP at all. What
// was read before the error decides, so that the answer does not depend on how the bytes arrived.
bool is_unknown_method(std::string_view seen) { return is_token(seen.substr(0, seen.find(' '))); }

}  // namespace

HeadParser::Event HeadParser::bad(unsigned status, const char* reason) {
  fault_ = {status, reason};
  return Event::Bad;
}

HeadParser::Event HeadParser::bad(llhttp_errno_t error, std::string_view head) {
  if (error == HPE_USER) return Event::Bad;  // the callback has said why
  const char* known = llhttp_get_error_reason(&llhttp_);
  const char* reason = known != nullptr ? known : "malformed";
  if (error == HPE_PAUSED_H2_UPGRADE) return bad(505, "HTTP/2 is not served");
  if (error == HPE_INVALID_METHOD) {
    return bad(is_unknown_method(head.substr(0, used_ + 1)) ? 501 : 400, reason);
  }
  // Proper digits, but of no version that there is; other reasons are no version at all.
  if (error == HPE_INVALID_VERSION && std::strcmp(reason, "Invalid HTTP version") == 0) {
    return bad(505, reason);
  }
  return bad(400, reason);
}

}  // namespace hupd::http1
