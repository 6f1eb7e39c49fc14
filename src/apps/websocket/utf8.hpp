// Whether bytes are UTF-8 (RFC 3629), told at the first one that cannot be, however they are cut.
#pragma once

#include <string_view>

namespace websocket {

class Utf8 {
 public:
  // False: these cannot go on what came before.
  bool take(std::string_view bytes) {
    for (const char byte : bytes) {
      if (!take(static_cast<unsigned char>(byte))) return false;
    }
    return true;
  }
  bool is_whole() const { return missing_ == 0; }  // not within a character

 private:
  bool take(unsigned char byte) {
    if (missing_ > 0) {
      if (byte < low_ || byte > high_) return false;
      return expect(missing_ - 1);
    }
    if (byte < 0x80) return true;
    if (byte < 0xC2) return false;  // goes on with nothing, or says an ASCII character in two bytes
    if (byte < 0xE0) return expect(1);
    // Not what fits in fewer bytes, no surrogates, nothing beyond U+10FFFF.
    if (byte < 0xF0) return expect(2, byte == 0xE0 ? 0xA0 : 0x80, byte == 0xED ? 0x9F : 0xBF);
    if (byte < 0xF5) return expect(3, byte == 0xF0 ? 0x90 : 0x80, byte == 0xF4 ? 0x8F : 0xBF);
    return false;
  }
  bool expect(int count, unsigned char low = 0x80, unsigned char high = 0xBF) {
    missing_ = count;
    low_ = low;
    high_ = high;
    return true;
  }

  int missing_ = 0;                         // bytes of the character that has begun
  unsigned char low_ = 0x80, high_ = 0xBF;  // bounds of the next one
};

}  // namespace websocket
