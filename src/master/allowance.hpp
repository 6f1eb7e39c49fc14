// How much a child may say: more than an honest one ever does, and less than keeps the master busy.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/types.hpp"

namespace hupd::master {

// A bucket that fills by time, and with every order, since orders are answered.
class Allowance {
 public:
  static constexpr std::uint64_t most = 10'000;
  static constexpr std::uint64_t a_second = 100;

  // One message; false: that was too many.
  bool take(core::Time now) {
    const auto passed_ms = static_cast<std::uint64_t>(std::max<std::int64_t>(
        0, std::chrono::duration_cast<std::chrono::milliseconds>(now - since_).count()));
    if (const auto more = passed_ms * a_second / 1000; more > 0) {
      add(more);
      since_ = now;
    }
    if (left_ == 0) return false;
    --left_;
    return true;
  }
  void add(std::uint64_t more) { left_ = std::min(most, left_ + std::min(more, most)); }

 private:
  std::uint64_t left_ = most;
  core::Time since_{0};
};

}  // namespace hupd::master
