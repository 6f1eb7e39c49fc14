// Frames as they are on the wire (RFC 6455, section 5): a client's are read, a server's written.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace websocket {

enum class Opcode : std::uint8_t {
  Continuation = 0,
  Text = 1,
  Binary = 2,
  Close = 8,
  Ping = 9,
  Pong = 10
};

constexpr bool is_control(Opcode opcode) { return opcode >= Opcode::Close; }

// Why a connection is closed (section 7.4.1, and IANA's list for the last one).
enum class Code : std::uint16_t {
  GoingAway = 1001,
  ProtocolError = 1002,
  InvalidText = 1007,
  TooBig = 1009,
  ServiceRestart = 1012
};

struct Fault {
  Code code;
  std::string_view why;
};

struct Frame {
  Opcode opcode = Opcode::Continuation;
  bool is_last = true;         // of its message
  std::uint64_t size = 0;      // of what is still to come of its payload
  std::array<char, 4> mask{};  // beginning with the byte for the next one of the payload

  // Appends what `bytes` has of the payload, in clear text, and takes it off them.
  void take_payload(std::string_view& bytes, std::string& out) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(size, bytes.size()));
    const std::size_t before = out.size();
    out.resize(before + count);
    for (std::size_t i = 0; i < count; ++i) {
      out[before + i] = static_cast<char>(bytes[i] ^ mask[i % mask.size()]);
    }
    std::rotate(mask.begin(), mask.begin() + static_cast<std::ptrdiff_t>(count % mask.size()),
                mask.end());
    size -= count;
    bytes.remove_prefix(count);
  }
};

struct Incomplete {};

constexpr std::size_t most_in_control = 125;

// Takes the head of a client's frame off the front of `bytes`, when all of it is there.
inline std::variant<Frame, Incomplete, Fault> take_head(std::string_view& bytes) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
  if (bytes.size() < 2) return Incomplete{};
  Frame frame;
  frame.opcode = static_cast<Opcode>(byte(0) & 0x0F);
  frame.is_last = (byte(0) & 0x80) != 0;
  const unsigned short_size = byte(1) & 0x7F;
  if ((byte(0) & 0x70) != 0) return Fault{Code::ProtocolError, "a reserved bit is set"};
  if (frame.opcode > Opcode::Pong ||
      (frame.opcode > Opcode::Binary && frame.opcode < Opcode::Close)) {
    return Fault{Code::ProtocolError, "an unknown opcode"};
  }
  if ((byte(1) & 0x80) == 0) return Fault{Code::ProtocolError, "a frame without a mask"};
  if (is_control(frame.opcode) && (!frame.is_last || short_size > most_in_control)) {
    return Fault{Code::ProtocolError, "a control frame in pieces, or too large"};
  }

  const std::size_t more = short_size == 127 ? 8 : short_size == 126 ? 2 : 0;
  if (bytes.size() < 2 + more + frame.mask.size()) return Incomplete{};
  frame.size = more == 0 ? short_size : 0;
  for (std::size_t i = 0; i < more; ++i) frame.size = frame.size << 8 | byte(2 + i);
  const std::uint64_t least = more == 8 ? 0x10000 : more == 2 ? 126 : 0;
  if (frame.size < least || frame.size > INT64_MAX) {
    return Fault{Code::ProtocolError, "a length that is not written as it has to be"};
  }
  bytes.copy(frame.mask.data(), frame.mask.size(), 2 + more);
  bytes.remove_prefix(2 + more + frame.mask.size());
  return frame;
}

// A whole frame of the server's.
inline std::string frame_of(Opcode opcode, std::string_view payload) {
  std::string frame;
  frame.reserve(payload.size() + 10);
  frame += static_cast<char>(0x80 | static_cast<unsigned>(opcode));
  const int more = payload.size() < 126 ? 0 : payload.size() < 0x10000 ? 2 : 8;
  frame += more == 0 ? static_cast<char>(payload.size()) : more == 2 ? char{126} : char{127};
  for (int byte = more - 1; byte >= 0; --byte) {
    frame += static_cast<char>(std::uint64_t{payload.size()} >> (8 * byte) & 0xFF);
  }
  return frame += payload;
}

inline std::string close_frame(Code code, std::string_view reason) {
  const auto number = static_cast<unsigned>(code);
  std::string payload{static_cast<char>(number >> 8), static_cast<char>(number & 0xFF)};
  return frame_of(Opcode::Close, payload.append(reason.substr(0, most_in_control - 2)));
}

}  // namespace websocket
