// Text of unknown origin made safe to write: one line, valid UTF-8, nothing that moves a terminal.
#pragma once

#include <string>
#include <string_view>

namespace hupd::log {

constexpr std::size_t longest_text = 8UL * 1024;

// At most longest_text bytes of `text`, whole characters, and a note of how much is missing.
std::string cut(std::string_view text);

std::string escape_text(std::string_view text);  // control characters and stray bytes: "\n", "\x1b"
std::string escape_json(std::string_view text);  // for between quotes; stray bytes become U+FFFD

}  // namespace hupd::log
