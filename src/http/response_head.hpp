// Writing the head of a response.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <hupd/app.h>

namespace hupd::http1 {

// How the client finds the end of a response's body.
enum class Framing {
  None,       // there is no body, nor a length
  Length,     // Content-Length
  Chunked,    // Transfer-Encoding: chunked
  UntilClose  // HTTP/1.0 without a length
};

// The last word on the connection, as the Connection field says it.
enum class Persistence {
  Implied,    // HTTP/1.1 keeps alive without being told
  KeepAlive,  // to an HTTP/1.0 client that asked for it
  Close
};

struct ResponseHead {
  unsigned status;
  std::string_view date;
  std::span<const hupd_header> fields;  // the host's own among them are left out
  Framing framing;
  std::uint64_t content_length;  // with Framing::Length
  Persistence persistence;
};

void append(std::string& out, const ResponseHead& head);

// What an application's fields say that is wrong, or nothing: a name that is no token, a value with
// CR, LF or NUL, by which text of a client could become fields or responses of its own.
std::string_view find_fault(std::span<const hupd_header> fields);

// There is one that names a protocol to upgrade to.
bool has_upgrade(std::span<const hupd_header> fields);

// The application asks for the connection to be closed, with `Connection: close`.
bool asks_to_close(std::span<const hupd_header> fields);

}  // namespace hupd::http1
