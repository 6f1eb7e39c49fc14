#include "core/backoff.hpp"

#include <algorithm>

#include "core/rules.hpp"

namespace hupd::core {
namespace {

std::uint64_t splitmix64(std::uint64_t& random) {
  random += 0x9e3779b97f4a7c15;
  std::uint64_t mixed = random;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

// first · 2^doublings, at most cap, without overflow on the way.
std::int64_t doubled(std::int64_t first, std::uint32_t doublings, std::int64_t cap) {
  std::int64_t delay = std::min(first, cap);
  for (std::uint32_t i = 0; i < doublings && delay < cap; ++i) {
    delay = delay > cap / 2 ? cap : delay * 2;
  }
  return delay;
}

}  // namespace

Duration retry_delay(const Policy& policy, std::uint32_t failures, std::uint64_t& random) {
  if (rules::retries_at_once(failures)) return Duration{0};
  constexpr std::int64_t longest = Duration{std::chrono::hours{24}}.count();
  const std::int64_t cap = std::clamp<std::int64_t>(policy.backoff_cap.count(), 1, longest);
  const std::int64_t first = std::max<std::int64_t>(policy.backoff_first.count(), 1);
  const std::int64_t delay = doubled(first, rules::doublings(failures), cap);

  const std::int64_t percent = std::min(policy.backoff_jitter_percent, 100U);
  const std::int64_t spread = delay * percent / 100;
  const auto width = static_cast<std::uint64_t>(2 * spread + 1);
  const auto offset = static_cast<std::int64_t>(splitmix64(random) % width) - spread;
  return Duration{std::clamp<std::int64_t>(delay + offset, 1, cap)};
}

}  // namespace hupd::core
