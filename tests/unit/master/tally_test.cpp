#include "master/tally.hpp"

#include <gtest/gtest.h>

namespace hupd::master {
namespace {

TEST(Tally, TakesWhatIsNewOnThePage) {
  wire::Page page{};
  Tally tally;
  page.requests = 5;
  page.sent_bytes = 100;
  EXPECT_EQ(tally.take(page), (control::Counts{.requests = 5, .sent_bytes = 100}));
  EXPECT_EQ(tally.take(page), control::Counts{});
  page.requests = 6;
  page.accepted = 1;
  EXPECT_EQ(tally.take(page), (control::Counts{.accepted = 1, .requests = 1}));
}

TEST(Tally, TakesNothingFromAPageThatGoesBack) {
  wire::Page page{};
  Tally tally;
  page.requests = 5;
  static_cast<void>(tally.take(page));
  page.requests = 0;
  EXPECT_EQ(tally.take(page), control::Counts{});
  page.requests = 5;
  EXPECT_EQ(tally.take(page), control::Counts{}) << "it was counted before";
  page.requests = 7;
  EXPECT_EQ(tally.take(page).requests, 2U);
}

TEST(Tally, SumsStayAtTheTopRatherThanBeginAnew) {
  control::Counts sum{.requests = 5};
  add_to(sum, {.requests = UINT64_MAX - 2, .timeouts = 1});
  EXPECT_EQ(sum, (control::Counts{.requests = UINT64_MAX, .timeouts = 1}));
}

TEST(Tally, ReadsEachCountFromItsPlaceOnThePage) {
  wire::Page page{};
  page.accepted = 1;
  page.taken_over = 2;
  page.requests = 3;
  page.received_bytes = 4;
  page.sent_bytes = 5;
  page.timeouts = 6;
  page.refused = 7;
  EXPECT_EQ(counts_of(page), (control::Counts{1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(Tally().take(page), (control::Counts{1, 2, 3, 4, 5, 6, 7}));
}

}  // namespace
}  // namespace hupd::master
