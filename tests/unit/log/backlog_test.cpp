#include "log/backlog.hpp"

#include <gtest/gtest.h>

namespace hupd::log {
namespace {

std::string all_of(Backlog& backlog) {
  std::string text;
  while (!backlog.empty()) {
    text += backlog.head();
    backlog.wrote(backlog.head().size());
  }
  return text;
}

TEST(Backlog, GivesBackWhatItWasGivenInOrder) {
  Backlog backlog(100);
  EXPECT_TRUE(backlog.empty());
  for (const char* line : {"one\n", "two\n", "three\n"}) EXPECT_TRUE(backlog.add(line));
  EXPECT_EQ(all_of(backlog), "one\ntwo\nthree\n");
  EXPECT_EQ(backlog.take_dropped(), 0U);
}

TEST(Backlog, GoesOnWithinALine) {
  Backlog backlog(100);
  backlog.add("line\n");
  backlog.wrote(2);
  EXPECT_TRUE(backlog.is_head_torn());
  EXPECT_EQ(backlog.head(), "ne\n");
  backlog.wrote(3);
  EXPECT_TRUE(backlog.empty());
  EXPECT_FALSE(backlog.is_head_torn());
}

TEST(Backlog, BeginsALineAgainForWhoHasNothingOfIt) {
  Backlog backlog(100);
  backlog.add("line\n");
  backlog.wrote(2);
  backlog.start_head_again();
  EXPECT_EQ(backlog.head(), "line\n");
}

TEST(Backlog, DropsAndCountsWhatIsBeyondItsLimit) {
  Backlog backlog(10);
  EXPECT_TRUE(backlog.add("12345678\n"));
  EXPECT_FALSE(backlog.add("x\n"));
  EXPECT_FALSE(backlog.add("y\n"));
  EXPECT_EQ(backlog.take_dropped(), 0U) << "there is no room to tell of it";
  EXPECT_EQ(all_of(backlog), "12345678\n");
  EXPECT_EQ(backlog.take_dropped(), 2U);
  EXPECT_EQ(backlog.take_dropped(), 0U);
}

TEST(Backlog, DropsInOnePieceUntilItIsToldOf) {
  Backlog backlog(10);
  backlog.add("12345678\n");
  backlog.add("x\n");
  all_of(backlog);
  EXPECT_FALSE(backlog.add("y\n")) << "x is missing, and nobody was told";
  EXPECT_EQ(backlog.take_dropped(), 2U);
  EXPECT_TRUE(backlog.add("z\n"));
}

TEST(Backlog, IsCongestedAboveHalfOfItsLimit) {
  Backlog backlog(10);
  backlog.add("1234\n");
  EXPECT_FALSE(backlog.is_congested());
  backlog.add("\n");
  EXPECT_TRUE(backlog.is_congested());
  backlog.wrote(5);
  EXPECT_FALSE(backlog.is_congested());
}

TEST(Backlog, HasItsWholeLimitAgainWhenItWasGivenUp) {
  Backlog backlog(10);
  backlog.add("1234\n");
  backlog.add("678\n");
  backlog.wrote(1);
  EXPECT_EQ(backlog.clear(), 2U);
  EXPECT_FALSE(backlog.is_head_torn());
  EXPECT_TRUE(backlog.add("123456789\n"));
  EXPECT_EQ(backlog.head(), "123456789\n");
}

}  // namespace
}  // namespace hupd::log
