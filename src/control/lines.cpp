#include "control/lines.hpp"

#include <algorithm>

namespace hupd::control {

std::optional<std::string> Lines::next() {
  const auto end = bytes_.find('\n', looked_at_);
  if (end == std::string::npos) {
    bytes_.erase(0, begin_);
    begin_ = 0;
    looked_at_ = bytes_.size();
    return std::nullopt;
  }
  std::string line = bytes_.substr(begin_, end - begin_);
  begin_ = looked_at_ = end + 1;
  return line;
}

bool Lines::is_too_long() const {
  const auto end = std::min(bytes_.find('\n', looked_at_), bytes_.size());
  return end - begin_ > longest_;
}

}  // namespace hupd::control
