#include "connection/counters.hpp"

#include <gtest/gtest.h>

namespace hupd::connection {
namespace {

// The worker may die in the very next callback, before its loop has turned.
TEST(Counters, ShowAtOnceWhatWasOpened) {
  std::atomic<std::uint32_t> shown{0};
  Counters counters;
  counters.shown = &shown;
  counters.opened();
  EXPECT_EQ(shown, 1U);
  ++counters.closed;
  counters.opened(2);
  EXPECT_EQ(shown, 2U);
}

TEST(Counters, NeedNotBeShown) {
  Counters counters;
  counters.opened(3);
  EXPECT_EQ(counters.open(), 3U);
}

}  // namespace
}  // namespace hupd::connection
