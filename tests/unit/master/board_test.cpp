#include "master/board.hpp"

#include <gtest/gtest.h>

namespace hupd::master {
namespace {

using wire::Phase;

class BoardTest : public testing::Test {
 protected:
  std::uint32_t end() const { return readers_.header().end.load(); }

  Board board_ = std::move(*Board::create());
  wire::Scoreboard readers_ =
      std::move(*wire::Scoreboard::map(board_.read_only_fd(), os::Access::Read));
};

TEST_F(BoardTest, GivesEachWorkerAPageOfItsOwnAfterTheHeader) {
  EXPECT_EQ(end(), 1U);
  EXPECT_EQ(board_.take_page(), 1U);
  EXPECT_EQ(board_.take_page(), 2U);
  EXPECT_EQ(end(), 3U);
}

TEST_F(BoardTest, GivesAFreedPageAgainAndClearsIt) {
  const auto first = board_.take_page().value();
  static_cast<void>(board_.take_page());
  {
    const auto own = wire::OwnPage::map(board_.read_write_fd(), first);
    (*own)->phase = Phase::Accepting;
    (*own)->requests = 1000;
    (*own)->heartbeat_ns = 5;
  }
  board_.give_back(first);
  EXPECT_EQ(readers_.page(first).phase.load(), Phase::Empty) << "no sibling counts it";
  ASSERT_EQ(board_.take_page(), first);
  EXPECT_EQ(readers_.page(first).requests.load(), 0U);
  EXPECT_EQ(readers_.page(first).heartbeat_ns.load(), 0U);
}

TEST_F(BoardTest, TellsReadersWhereThePagesEnd) {
  for (int i = 0; i < 4; ++i) static_cast<void>(board_.take_page());
  board_.give_back(2);
  EXPECT_EQ(end(), 5U) << "page 4 is in use";
  board_.give_back(4);
  EXPECT_EQ(end(), 4U);
  board_.give_back(3);
  EXPECT_EQ(end(), 2U) << "page 2 went before";
  board_.give_back(1);
  EXPECT_EQ(end(), 1U);
}

TEST_F(BoardTest, HasAnEnd) {
  for (std::uint32_t page = 1; page < wire::max_pages; ++page) {
    ASSERT_EQ(board_.take_page(), page);
  }
  EXPECT_EQ(board_.take_page(), std::nullopt);
  board_.give_back(7);
  EXPECT_EQ(board_.take_page(), 7U);
}

TEST_F(BoardTest, CannotBeWrittenByReaders) {
  EXPECT_FALSE(wire::Scoreboard::map(board_.read_only_fd(), os::Access::ReadWrite));
  EXPECT_FALSE(wire::OwnPage::map(board_.read_only_fd(), 1));
}

}  // namespace
}  // namespace hupd::master
