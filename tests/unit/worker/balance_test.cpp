#include "worker/balance.hpp"

#include <gtest/gtest.h>

#include "worker/pulse.hpp"

namespace hupd::worker {
namespace {

using std::chrono::milliseconds;
using wire::Phase;

constexpr std::uint64_t now = 1'000'000'000'000;

class ShareTest : public testing::Test {
 protected:
  void worker(std::uint32_t page, Phase phase, std::uint32_t connections,
              std::uint64_t heartbeat = now) {
    board_.page(page).phase = phase;
    board_.page(page).connections = connections;
    board_.page(page).heartbeat_ns = heartbeat;
    board_.header().end = std::max(board_.header().end.load(), page + 1);
  }
  Share share() const { return count_share(board_, now); }

  os::Fd file_ = std::move(*wire::Scoreboard::create());
  wire::Scoreboard board_ = std::move(*wire::Scoreboard::map(file_.get(), os::Access::ReadWrite));
};

TEST_F(ShareTest, AddsUpWhoAccepts) {
  worker(1, Phase::Accepting, 10);
  worker(3, Phase::Accepting, 5);
  EXPECT_EQ(share().workers, 2U);
  EXPECT_EQ(share().connections, 15U);
}

TEST_F(ShareTest, DoesNotCountWhoDoesNotAccept) {
  worker(1, Phase::Accepting, 10);
  worker(2, Phase::Draining, 100);
  worker(3, Phase::Standby, 100);
  worker(4, Phase::Booting, 100);
  worker(5, Phase::Empty, 100);
  EXPECT_EQ(share().workers, 1U);
  EXPECT_EQ(share().connections, 10U);
}

TEST_F(ShareTest, DoesNotCountAWorkerWhoseLoopIsStuck) {
  worker(1, Phase::Accepting, 10);
  worker(2, Phase::Accepting, 0, now - stale_after_ns);
  EXPECT_EQ(share().workers, 1U);
  worker(2, Phase::Accepting, 0, now - stale_after_ns + 1);
  EXPECT_EQ(share().workers, 2U);
}

TEST_F(ShareTest, ReadsNoFurtherThanTheBoardReaches) {
  worker(1, Phase::Accepting, 10);
  worker(2, Phase::Accepting, 10);
  board_.header().end = 2;
  EXPECT_EQ(share().workers, 1U);
  board_.header().end = UINT32_MAX;
  EXPECT_EQ(share().workers, 2U);
}

TEST(HoldsMore, AloneNobodyDoes) {
  EXPECT_FALSE(holds_more(1'000'000, {1'000'000, 1}));
  EXPECT_FALSE(holds_more(1, {0, 0}));
}

TEST(HoldsMore, IsAboveTheAverageByMoreThanOneAndASixteenth) {
  EXPECT_FALSE(holds_more(0, {0, 4}));
  EXPECT_FALSE(holds_more(1, {1, 4})) << "one more than the average of idle siblings";
  EXPECT_TRUE(holds_more(2, {2, 4}));
  EXPECT_FALSE(holds_more(107, {400, 4})) << "100 + 100/16 + 1 = 107.25";
  EXPECT_TRUE(holds_more(108, {400, 4}));
}

TEST(HoldsMore, IsNeverSoForAllWorkersAtOnce) {
  for (std::uint64_t each = 0; each < 1000; ++each) {
    EXPECT_FALSE(holds_more(each, {each * 8, 8}));
  }
}

TEST(Surplus, IsWhatStandsAboveTheAverageOnceItIsWorthIt) {
  EXPECT_EQ(surplus(107, {400, 4}), 0U);
  EXPECT_EQ(surplus(108, {400, 4}), 8U);
  EXPECT_EQ(surplus(40, {40, 2}), 20U);
  EXPECT_EQ(surplus(3, {3, 2}), 1U) << "the average is rounded up: nobody is left below it";
}

TEST(PulsePeriod, IsAQuarterOfAStallWithinItsBounds) {
  EXPECT_EQ(pulse_period(milliseconds(2000)), milliseconds(500));
  EXPECT_EQ(pulse_period(milliseconds(10)), milliseconds(50));
  EXPECT_EQ(pulse_period(milliseconds(30'000)), milliseconds(1000));
}

TEST(PulsePeriod, IsASecondWhenStallsAreNotLookedFor) {
  EXPECT_EQ(pulse_period(milliseconds(0)), milliseconds(1000));
}

TEST(PulsePeriod, IsWellWithinWhatSiblingsCallStale) {
  EXPECT_LT(std::chrono::nanoseconds(pulse_period(milliseconds(0))).count() * 2,
            static_cast<std::int64_t>(stale_after_ns));
}

}  // namespace
}  // namespace hupd::worker
