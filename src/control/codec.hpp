// Messages as lines of JSON, and back. Nothing here throws, whatever the line is.
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "control/messages.hpp"

namespace hupd::control {

template <typename T>
using Read = tl::expected<T, std::string>;  // the error: what is wrong with the line

// A line without its end. A key that is not known is an error: a request must not mean less than
// its sender thinks.
Read<Request> parse_request(std::string_view line);
// Keys that are not known are from a younger master, and passed over.
Read<Reply> parse_reply(std::string_view line);

std::string to_line(Request request);  // ends in a newline, the only one
std::string to_line(Reply reply);

}  // namespace hupd::control
