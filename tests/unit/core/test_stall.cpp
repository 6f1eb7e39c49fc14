#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/stall.hpp"

namespace hupd::core {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// Looks once a second at one worker whose heartbeat stands still, up to and including `last`.
std::vector<WorkerId> watch_standing(StallWatch& watch, Time first, Time last) {
  std::vector<WorkerId> stalled;
  for (Time now = first; now <= last; now += 1s) {
    for (const WorkerId id : look(watch, {{7, 42, 30s}}, now)) stalled.push_back(id);
  }
  return stalled;
}

TEST(a_worker_whose_heart_stands_still, is_stalled_after_the_timeout) {
  StallWatch watch;
  EXPECT_THAT(watch_standing(watch, 0s, 29s), IsEmpty());
  EXPECT_THAT(watch_standing(watch, 30s, 30s), ElementsAre(7U));
}

TEST(a_worker_whose_heart_stands_still, is_named_again_only_after_another_timeout) {
  StallWatch watch;
  EXPECT_THAT(watch_standing(watch, 0s, 59s), ElementsAre(7U));
  EXPECT_THAT(watch_standing(watch, 60s, 60s), ElementsAre(7U));
}

TEST(a_worker_that_moves, is_never_stalled) {
  StallWatch watch;
  for (std::uint64_t second = 0; second < 100; ++second) {
    EXPECT_THAT(look(watch, {{7, second / 20, 30s}}, Time{second * 1'000}), IsEmpty());
  }
}

TEST(a_master_that_was_stopped, gives_everyone_the_whole_time_again) {
  StallWatch watch;
  EXPECT_THAT(watch_standing(watch, 0s, 20s), IsEmpty());
  EXPECT_THAT(watch_standing(watch, 3600s, 3629s), IsEmpty());
  EXPECT_THAT(watch_standing(watch, 3630s, 3630s), ElementsAre(7U));
}

TEST(a_look_that_is_a_little_late, changes_nothing) {
  StallWatch watch;
  EXPECT_THAT(watch_standing(watch, 0s, 20s), IsEmpty());
  EXPECT_THAT(watch_standing(watch, 23s, 30s), ElementsAre(7U));
}

TEST(a_worker_that_was_not_looked_at, begins_anew) {
  StallWatch watch;
  EXPECT_THAT(watch_standing(watch, 0s, 28s), IsEmpty());
  EXPECT_THAT(look(watch, {}, 29s), IsEmpty());
  EXPECT_THAT(watch_standing(watch, 30s, 59s), IsEmpty());
}

TEST(a_stall_timeout_of_0, means_never) {
  StallWatch watch;
  for (Time now = 0s; now <= 1000s; now += 1s) {
    EXPECT_THAT(look(watch, {{7, 42, 0s}}, now), IsEmpty());
  }
}

// Within a canary and between batches, when the heart of either beats to another measure.
TEST(workers_of_two_generations, have_each_its_own_timeout) {
  StallWatch watch;
  for (Time now = 0s; now < 4s; now += 1s) {
    EXPECT_THAT(look(watch, {{7, 42, 60s}, {8, 42, 4s}}, now), IsEmpty());
  }
  EXPECT_THAT(look(watch, {{7, 42, 60s}, {8, 42, 4s}}, 4s), ElementsAre(8U));
}

}  // namespace
}  // namespace hupd::core
