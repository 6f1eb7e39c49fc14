// The answer to a request that wants to become a WebSocket (RFC 6455, section 4.2).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <sha1.h>

#include <hupd/http.hpp>

namespace websocket {

inline constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

inline std::string base64(std::basic_string_view<std::uint8_t> bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto group = bytes.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) bits = bits << 8 | (i < group.size() ? group[i] : 0U);
    for (std::size_t i = 0; i < 4; ++i) {
      text += i > group.size() ? '=' : base64_digits[bits >> (18 - 6 * i) & 63];
    }
  }
  return text;
}

// What shows the client that its key was understood.
inline std::string accept_of(std::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<std::uint8_t, SHA1_DIGEST_LENGTH> digest{};
  SHA1_CTX sha1;
  SHA1Init(&sha1);
  SHA1Update(&sha1, reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  SHA1Final(digest.data(), &sha1);
  return base64({digest.data(), digest.size()});
}

// Sixteen bytes in base64; which ones does not matter.
inline bool is_key(std::string_view text) {
  return text.size() == 24 && text.substr(22) == "==" &&
         text.substr(0, 22).find_first_not_of(base64_digits) == std::string_view::npos;
}

// Whether the comma-separated lists of that name have the word, in whatever case.
inline bool has_word(const hupd::http::Request& request, std::string_view name,
                     std::string_view word) {
  for (const hupd::http::Header field : request.headers()) {
    if (!hupd::http::equals_ignoring_case(field.name, name)) continue;
    for (std::string_view list = field.value; !list.empty();) {
      const std::size_t comma = std::min(list.find(','), list.size());
      std::string_view one = list.substr(0, comma);
      one.remove_prefix(std::min(one.find_first_not_of(" \t"), one.size()));
      one = one.substr(0, one.find_last_not_of(" \t") + 1);
      if (hupd::http::equals_ignoring_case(one, word)) return true;
      list.remove_prefix(std::min(comma + 1, list.size()));
    }
  }
  return false;
}

// With the status 101 when all is well.
inline hupd::http::Response handshake(const hupd::http::Request& request) {
  using hupd::http::text;
  if (request.version() < 11 || !has_word(request, "Upgrade", "websocket") ||
      !has_word(request, "Connection", "upgrade")) {
    return text("this is a WebSocket\n").status(426).header("Upgrade", "websocket");
  }
  if (request.method() != "GET") return text("not by GET\n").status(405).header("Allow", "GET");
  if (request.header("Sec-WebSocket-Version") != "13") {
    return text("not version 13\n")
        .status(426)
        .header("Upgrade", "websocket")
        .header("Sec-WebSocket-Version", "13");
  }
  const auto key = request.header("Sec-WebSocket-Key");
  if (!key || !is_key(*key)) return text("not a Sec-WebSocket-Key\n").status(400);
  return hupd::http::upgrade_to("websocket").header("Sec-WebSocket-Accept", accept_of(*key));
}

}  // namespace websocket
