// Where a session's responses go: head and body in one write, and all that a callback of the
// application writes in as few as possible.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "connection/connection.hpp"

namespace hupd::http1 {

// All outlets of a worker compose in one buffer, used like a stack: while one session is corked,
// another may begin and commit above its text.
class Outlet {
 public:
  Outlet(connection::Connection& connection, std::string& buffer)
      : connection_(connection), buffer_(buffer) {}

  // What is appended to the result is sent by commit(), with `body` and `tail` behind it.
  std::string& begin();
  connection::Written commit(std::string_view body = {}, std::string_view tail = {});

  // From cork() to uncork() committed text is held back, up to a limit.
  void cork();
  void uncork();

 private:
  connection::Written send(std::string_view body, std::string_view tail);

  connection::Connection& connection_;
  std::string& buffer_;
  std::size_t start_ = 0;  // of this outlet's text in the buffer
  bool corked_ = false;
};

}  // namespace hupd::http1
