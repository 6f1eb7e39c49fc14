// Messages as bytes. The layout is private to hupd: a kind, then the fields in order; numbers in
// the machine's byte order, texts and lists behind their length. Still the reader trusts nothing: a
// worker runs foreign code.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wire/messages.hpp"

namespace hupd::wire {

// Of the messages, of the scoreboard and of the hand-over queue. A master that is upgraded goes on
// with workers of the version before: goes up when the two would not understand each other.
inline constexpr std::uint32_t version = 1;

// A longer text is cut: a message must fit a packet.
inline constexpr std::size_t max_text_bytes = 8 * 1024;
inline constexpr std::size_t max_list_size = 100;  // and a descriptor each must fit, too

// A longer list travels in several messages.
template <typename T>
std::vector<std::span<const T>> in_pieces(const std::vector<T>& list) {
  std::vector<std::span<const T>> pieces;
  for (std::span<const T> left = list; !left.empty(); left = left.subspan(pieces.back().size())) {
    pieces.push_back(left.first(std::min(left.size(), max_list_size)));
  }
  return pieces;
}

std::string encode(const Message& message);
std::optional<Message> decode(std::string_view bytes);  // nothing: malformed

}  // namespace hupd::wire
