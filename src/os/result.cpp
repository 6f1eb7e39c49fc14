#include "os/result.hpp"

#include <system_error>

namespace hupd::os {

tl::unexpected<Error> failed(std::string_view attempted, int code) {
  std::string text(attempted);
  text += ": ";
  text += std::generic_category().message(code);
  return tl::unexpected(Error{code, std::move(text)});
}

tl::unexpected<Error> refused(std::string text) {
  return tl::unexpected(Error{0, std::move(text)});
}

}  // namespace hupd::os
