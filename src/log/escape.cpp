#include "log/escape.hpp"

#include <array>
#include <cstdint>

namespace hupd::log {
namespace {

unsigned char byte(char c) { return static_cast<unsigned char>(c); }
bool continues(char c) { return (byte(c) & 0xc0) == 0x80; }

struct Character {
  std::size_t length = 0;  // in bytes; 0: the first byte begins no UTF-8 character
  std::uint32_t code = 0;
};

// The character at the head of `text`, which is not empty.
Character first_of(std::string_view text) {
  const unsigned char lead = byte(text[0]);
  if (lead < 0x80) return {1, lead};
  const std::size_t length = lead < 0xc2   ? 0
                             : lead < 0xe0 ? 2
                             : lead < 0xf0 ? 3
                             : lead < 0xf5 ? 4
                                           : 0;
  if (length == 0 || text.size() < length) return {};
  std::uint32_t code = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (!continues(text[i])) return {};
    code = code << 6 | (byte(text[i]) & 0x3fU);
  }
  constexpr std::array<std::uint32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  if (code < least[length] || surrogate || code > 0x10ffff) return {};
  return {length, code};
}

// C1 controls (0x80 to 0x9f) too: some terminals obey them.
bool is_control(std::uint32_t code) { return code < 0x20 || (code >= 0x7f && code < 0xa0); }

void append_hex(std::string& to, std::string_view prefix, std::uint32_t number, int digits) {
  to += prefix;
  while (digits-- > 0) to += "0123456789abcdef"[number >> (4 * digits) & 0xf];
}

// "\n" and "\t" as programmers write them. False: no such name.
bool append_named(std::string& to, std::uint32_t code) {
  if (code == '\n') to += "\\n";
  if (code == '\t') to += "\\t";
  if (code == '\r') to += "\\r";
  return code == '\n' || code == '\t' || code == '\r';
}

}  // namespace

std::string cut(std::string_view text) {
  if (text.size() <= longest_text) return std::string(text);
  std::size_t end = longest_text;
  while (end > longest_text - 4 && continues(text[end])) --end;
  return std::string(text.substr(0, end)) + " [" + std::to_string(text.size() - end) +
         " more bytes cut]";
}

std::string escape_text(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    const Character next = first_of(text);
    if (next.length == 0) {
      append_hex(safe, "\\x", byte(text[0]), 2);
    } else if (!is_control(next.code)) {
      safe += text.substr(0, next.length);
    } else if (!append_named(safe, next.code)) {
      append_hex(safe, "\\x", next.code, 2);
    }
    text.remove_prefix(next.length == 0 ? 1 : next.length);
  }
  return safe;
}

std::string escape_json(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    const Character next = first_of(text);
    if (next.length == 0) {
      safe += "\xef\xbf\xbd";  // U+FFFD
    } else if (next.code == '"' || next.code == '\\') {
      safe += '\\';
      safe += text[0];
    } else if (!is_control(next.code)) {
      safe += text.substr(0, next.length);
    } else if (!append_named(safe, next.code)) {
      append_hex(safe, "\\u", next.code, 4);
    }
    text.remove_prefix(next.length == 0 ? 1 : next.length);
  }
  return safe;
}

}  // namespace hupd::log
