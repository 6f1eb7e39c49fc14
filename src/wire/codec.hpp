// Messages as bytes. Both sides are the same program, so the layout is private: a kind, then the
// fields in order; numbers in the machine's byte order, texts and lists behind their length.
// Still the reader trusts nothing: a worker runs foreign code.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wire/messages.hpp"

namespace hupd::wire {

// A longer text is cut: a message must fit a packet.
inline constexpr std::size_t max_text_bytes = 8 * 1024;
inline constexpr std::size_t max_list_size = 250;  // and a descriptor each must fit, too

std::string encode(const Message& message);
std::optional<Message> decode(std::string_view bytes);  // nothing: malformed

}  // namespace hupd::wire
