// Status codes and their words.
#pragma once

#include <string_view>

namespace hupd::http1 {

// "Not Found"; of an unknown code, its class's ("Client Error").
std::string_view reason_phrase(unsigned status);

// Responses that end with their head, whatever it says.
constexpr bool has_no_body(unsigned status) {
  return status == 101 || status == 204 || status == 304;
}

}  // namespace hupd::http1
