// What can fail returns a Result: a value, or an Error that says what was attempted, on what, why.
#pragma once

#include <cerrno>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace hupd::os {

struct Error {
  int code = 0;  // errno, or 0 when no system call is to blame
  std::string text;
};

template <typename T>
using Result = tl::expected<T, Error>;

// "listen 0.0.0.0:80: Permission denied": `attempted` names the deed and its object.
tl::unexpected<Error> failed(std::string_view attempted, int code = errno);

// A failure without an errno; `text` is the whole sentence.
tl::unexpected<Error> refused(std::string text);

}  // namespace hupd::os
