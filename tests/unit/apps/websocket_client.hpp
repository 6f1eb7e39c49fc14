// Frames as a client writes them.
#pragma once

#include <string>
#include <string_view>

#include "websocket/frame.hpp"

namespace websocket {

inline constexpr bool is_last = true;

inline std::string masked(Opcode opcode, std::string_view payload, bool last = is_last,
                          std::string_view mask = "\x01\x80\xFF\x37") {
  std::string frame = frame_of(opcode, {});
  if (!last) frame[0] = static_cast<char>(opcode);
  const std::string sized = frame_of(opcode, payload);
  const std::size_t head = sized.size() - payload.size();
  frame += sized.substr(2, head - 2);
  frame[1] = static_cast<char>(sized[1] | '\x80');
  frame += mask;
  for (std::size_t i = 0; i < payload.size(); ++i) {
    frame += static_cast<char>(payload[i] ^ mask[i % mask.size()]);
  }
  return frame;
}

}  // namespace websocket
