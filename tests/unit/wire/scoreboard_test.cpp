#include "wire/scoreboard.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace hupd::wire {
namespace {

class ScoreboardTest : public testing::Test {
 protected:
  os::Fd file_ = std::move(*Scoreboard::create());
  Scoreboard readers_ = std::move(*Scoreboard::map(file_.get(), os::Access::Read));
};

TEST_F(ScoreboardTest, BeginsEmpty) {
  EXPECT_EQ(readers_.header().end.load(), 0U);
  for (std::uint32_t i = 1; i < max_pages; ++i) {
    ASSERT_EQ(readers_.page(i).phase.load(), Phase::Empty);
    ASSERT_EQ(readers_.page(i).heartbeat_ns.load(), 0U);
  }
}

TEST_F(ScoreboardTest, ShowsReadersWhatAWorkerWritesOnItsPage) {
  const auto own = OwnPage::map(file_.get(), 5);
  ASSERT_TRUE(own);
  (*own)->phase.store(Phase::Accepting);
  (*own)->connections.store(17);
  EXPECT_EQ(readers_.page(5).phase.load(), Phase::Accepting);
  EXPECT_EQ(readers_.page(5).connections.load(), 17U);
}

// A worker whose time is up just when there is room again has had no time to use it.
TEST_F(ScoreboardTest, AWorkerHasLackedRoomUntilItHadSomeForAllOfTheTime) {
  const auto own = OwnPage::map(file_.get(), 5);
  ASSERT_TRUE(own);
  const Page& page = readers_.page(5);
  EXPECT_FALSE(lacked_room(page, 1000, 300)) << "it never did";
  (*own)->room_since_ns = no_room;
  EXPECT_TRUE(lacked_room(page, 1000, 300));
  (*own)->room_since_ns = 1000;
  EXPECT_TRUE(lacked_room(page, 1000, 300));
  EXPECT_TRUE(lacked_room(page, 1299, 300));
  EXPECT_FALSE(lacked_room(page, 1300, 300));
  EXPECT_FALSE(lacked_room(page, 999, 300)) << "a claim of the future is none";
}

// The master reads it, and would die of SIGBUS.
TEST_F(ScoreboardTest, CannotBeCutUnderItsReaders) {
  EXPECT_NE(::ftruncate(file_.get(), 0), 0);
  EXPECT_NE(::ftruncate(file_.get(), std::int64_t{1} << 40), 0) << "nor grow";
  EXPECT_EQ(readers_.page(max_pages - 1).requests.load(), 0U);
}

TEST_F(ScoreboardTest, AWholePageOfAWorkerTouchesNoOther) {
  const auto own = OwnPage::map(file_.get(), max_pages - 1);
  ASSERT_TRUE(own);
  auto* bytes = reinterpret_cast<unsigned char*>(own->operator->());
  std::fill(bytes, bytes + page_bytes, 0xffU);
  EXPECT_EQ(readers_.page(max_pages - 2).requests.load(), 0U);
  EXPECT_EQ(readers_.page(max_pages - 1).requests.load(), UINT64_MAX);
  EXPECT_EQ(readers_.header().end.load(), 0U);
}

}  // namespace
}  // namespace hupd::wire
