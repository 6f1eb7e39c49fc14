// The Date field, made once a second.
#pragma once

#include <array>
#include <ctime>
#include <string_view>

namespace hupd::http1 {

class DateCache {
 public:
  std::string_view at(std::time_t now);  // "Sun, 06 Nov 1994 08:49:37 GMT"

 private:
  std::time_t made_for_ = -1;
  std::array<char, 30> text_{};
};

}  // namespace hupd::http1
