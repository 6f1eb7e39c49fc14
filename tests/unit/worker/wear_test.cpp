#include "worker/wear.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hupd::worker {
namespace {

using namespace std::chrono_literals;
using config::Recycle;

constexpr std::uint64_t mib = 1024UL * 1024;

Recycle all() { return {1000, 60s, 512 * mib, 10}; }

TEST(a_worker, is_worn_when_it_reaches_one_of_its_limits) {
  EXPECT_EQ(worn(all(), {999, 59'999ms, 512 * mib - 1}), std::nullopt);
  EXPECT_EQ(worn(all(), {1003, 0ms, 0}), "1003 requests served (recycle.requests)");
  EXPECT_EQ(worn(all(), {0, 60s, 0}), "60 s old (recycle.age)");
  EXPECT_EQ(worn(all(), {0, 0ms, 513 * mib}), "513 MiB of memory resident (recycle.memory)");
}

TEST(a_worker, is_never_worn_without_limits) {
  EXPECT_EQ(worn({}, {UINT64_MAX, 9999h, UINT64_MAX}), std::nullopt);
}

TEST(limits, differ_from_worker_to_worker_and_are_never_above_the_configured_ones) {
  std::mt19937_64 random(1);
  std::set<std::uint32_t> requests;
  for (int n = 0; n < 1000; ++n) {
    const Recycle own = draw(all(), random);
    EXPECT_THAT(own.requests, testing::AllOf(testing::Ge(900U), testing::Le(1000U)));
    EXPECT_THAT(own.age, testing::AllOf(testing::Ge(54s), testing::Le(60s)));
    EXPECT_GE(own.memory, 512 * mib / 10 * 9);
    EXPECT_LE(own.memory, 512 * mib);
    requests.insert(own.requests);
  }
  EXPECT_GT(requests.size(), 50U);
}

TEST(limits, are_as_configured_without_jitter_and_none_where_none_is) {
  std::mt19937_64 random(1);
  Recycle exact = all();
  exact.jitter_percent = 0;
  EXPECT_EQ(draw(exact, random), exact);
  EXPECT_EQ(draw(Recycle{}, random), Recycle{});
}

TEST(limits, are_never_lowered_to_none) {
  std::mt19937_64 random(1);
  Recycle least{1, 1ms, 1, 100};
  for (int n = 0; n < 100; ++n) {
    const Recycle own = draw(least, random);
    EXPECT_EQ(own.requests, 1U);
    EXPECT_EQ(own.age, 1ms);
    EXPECT_EQ(own.memory, 1U);
  }
}

TEST(a_worn_worker, says_so_once_and_again_to_another_master) {
  uv_loop_t loop;
  uv_loop_init(&loop);
  {
    std::uint64_t requests = 0;
    int told = 0;
    Recycle one_request;
    one_request.requests = 1;
    Wear wear(&loop, one_request, requests, [&](const std::string&) { ++told; });
    wear.repeat();
    EXPECT_EQ(told, 0);
    requests = 1;
    for (int turn = 0; turn < 2; ++turn) uv_run(&loop, UV_RUN_NOWAIT);
    EXPECT_EQ(told, 1);
    wear.repeat();
    EXPECT_EQ(told, 2);
  }
  uv_run(&loop, UV_RUN_NOWAIT);
  EXPECT_EQ(uv_loop_close(&loop), 0);
}

}  // namespace
}  // namespace hupd::worker
