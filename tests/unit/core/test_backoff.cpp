#include <set>

#include <gtest/gtest.h>

#include "core/backoff.hpp"
#include "core/step.hpp"

namespace hupd::core {
namespace {

TEST(the_delay_of_a_retry, doubles_up_to_the_cap) {
  Policy policy;
  policy.backoff_jitter_percent = 0;
  std::uint64_t random = 1;
  EXPECT_EQ(retry_delay(policy, 1, random), Duration{0});
  EXPECT_EQ(retry_delay(policy, 2, random), Duration{100});
  EXPECT_EQ(retry_delay(policy, 3, random), Duration{200});
  EXPECT_EQ(retry_delay(policy, 4'000'000'000, random), policy.backoff_cap);
}

TEST(the_delay_of_a_retry, is_spread_by_the_jitter) {
  const Policy policy;
  std::uint64_t random = 1;
  std::set<Duration> seen;
  for (int n = 0; n < 1'000; ++n) seen.insert(retry_delay(policy, 2, random));
  EXPECT_EQ(*seen.begin(), Duration{80});
  EXPECT_EQ(*seen.rbegin(), Duration{120});
}

TEST(the_delay_of_a_retry, holds_for_senseless_policies) {
  Policy policy;
  policy.backoff_first = Duration::max();
  policy.backoff_cap = Duration{-1};
  policy.backoff_jitter_percent = 4'000'000'000;
  std::uint64_t random = 1;
  EXPECT_EQ(retry_delay(policy, 9, random), Duration{1});
}

TEST(a_policy_of_endless_timeouts, still_gives_every_wait_a_deadline) {
  AppState state;
  Policy policy;
  policy.boot_timeout = Duration::max();
  step(state, StartRequested{}, Time{5});
  step(state, Prepared{1, policy}, Time{5});
  ASSERT_TRUE(next_deadline(state).has_value());
  EXPECT_LT(*next_deadline(state), never);
}

}  // namespace
}  // namespace hupd::core
