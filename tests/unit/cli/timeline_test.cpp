#include "cli/timeline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hupd::cli {
namespace {

using control::Outcome;
using control::Reload;
using testing::HasSubstr;

constexpr std::uint64_t second = 1000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;

Reload& add(control::History& history, std::uint64_t generation, std::uint64_t age) {
  auto& reload = history.reloads.emplace_back();
  reload.app = "web";
  reload.generation = generation;
  reload.age_ms = age;
  return reload;
}

Reload& add_done(control::History& history, std::uint64_t generation, std::uint64_t age) {
  auto& reload = add(history, generation, age);
  reload.outcome = Outcome::Done;
  reload.switched_ms = reload.ended_ms = 200;
  reload.drained_ms = 1700;
  return reload;
}

std::string picture(const control::History& history, std::size_t width = 80) {
  return timeline_of(history, width, false);
}

// A version of four days, a bad deploy, and two good ones: as on a night with an incident.
TEST(Timeline, GivesTheLastMinutesAsMuchRoomAsTheDaysBefore) {
  control::History history;
  add_done(history, 1, 4 * day).drained_ms = 0;
  auto& bad = add(history, 2, 12 * minute);
  bad.outcome = Outcome::Rejected;
  bad.ended_ms = 900;
  add_done(history, 3, 8 * minute).drained_ms = 30 * second;
  add_done(history, 4, 10 * second);
  EXPECT_EQ(picture(history), R"(web: who served when, by the time before now
  gen  |4d 0h|1d   |6h    |1h     |10m      |1m    |10s    now   served  drained
    1  .===========================~                             3d 23h   29.8 s
    2                            .x                                   -        -
    3                              .===============~             7m 50s    1.5 s
    4                                              .=========>    9.8 s        -
. starts  : canary  = serves  ~ drains  > goes on  x rejected
The further back, the closer together.
)");
}

TEST(Timeline, ShowsWhatGoesOn) {
  control::History history;
  add_done(history, 1, hour);
  add_done(history, 2, 20 * second).drained_ms.reset();
  add(history, 3, 2 * second);
  EXPECT_EQ(picture(history), R"(web: who served when, by the time before now
  gen  |1h 0m      |10m           |1m        |10s          now   served  drained
    1  .=================================~~~~~~~~~~~~~~~~~~~~>  59m 40s   19.8 s
    2                                    .===================>   19.8 s        -
    3                                                 .......>        -        -
. starts  : canary  = serves  ~ drains  > goes on  x rejected
The further back, the closer together.
)");
}

TEST(Timeline, TellsACanaryAndASurgeThatWereTakenBackFromWhoServed) {
  control::History history;
  add_done(history, 1, hour);
  auto& canary = add(history, 2, 10 * minute);
  canary.outcome = Outcome::Rejected;
  canary.canary_ms = 300;
  canary.ended_ms = 5 * minute;
  auto& surge = add(history, 3, minute);
  surge.outcome = Outcome::Rejected;
  surge.switched_ms = 300;
  surge.ended_ms = 20 * second;
  EXPECT_EQ(picture(history), R"(web: who served when, by the time before now
  gen  |1h 0m      |10m           |1m        |10s          now   served  drained
    1  .=====================================================>  59m 59s        -
    2              .:::x                                              -        -
    3                             .::x                                -        -
. starts  : canary  = serves  ~ drains  > goes on  x rejected
The further back, the closer together.
)");
}

TEST(Timeline, EndsWithTheApp) {
  control::History history;
  add_done(history, 1, hour).gone_ms = 30 * minute;
  add_done(history, 2, minute);  // it is back
  EXPECT_EQ(picture(history), R"(web: who served when, by the time before now
  gen  |1h 0m      |10m           |1m        |10s          now   served  drained
    1  .====                                                    29m 59s        -
    2                             .==========================>   59.8 s        -
. starts  : canary  = serves  ~ drains  > goes on  x rejected
The further back, the closer together.
)");
}

TEST(Timeline, HasAPictureForEachApp) {
  control::History history;
  add_done(history, 1, hour);
  add_done(history, 1, minute).app = "api";
  const std::string text = picture(history);
  EXPECT_LT(text.find("api: who served"), text.find("web: who served"));
}

TEST(Timeline, LeavesOutWhatNeverWasAGeneration) {
  control::History history;
  auto& refused = add(history, 0, hour);
  refused.app.clear();
  refused.outcome = Outcome::Refused;
  add(history, 2, minute).outcome = Outcome::Unchanged;
  EXPECT_EQ(picture(history), "");
}

TEST(Timeline, FitsItsWidth) {
  control::History history;
  for (std::uint64_t id = 1; id <= 50; ++id) add_done(history, id, (51 - id) * (51 - id) * minute);
  for (const std::size_t width : {80UL, 100UL, 45UL}) {
    const std::string text = picture(history, width);
    std::size_t begin = text.find('\n') + 1;
    for (int line = 0; line < 51; ++line) {
      const auto end = text.find('\n', begin);
      EXPECT_EQ(end - begin, width) << text;
      begin = end + 1;
    }
  }
}

TEST(Timeline, TakesTimesThatMakeNoSense) {
  control::History history;
  add_done(history, 1, 5).switched_ms = UINT64_MAX;
  add_done(history, 2, UINT64_MAX);
  add_done(history, 3, 0).drained_ms = 0;
  EXPECT_THAT(picture(history, 0), HasSubstr("web"));
}

TEST(Timeline, HasColourWhenAsked) {
  control::History history;
  add_done(history, 1, hour);
  EXPECT_EQ(picture(history).find('\033'), std::string::npos);
  EXPECT_THAT(timeline_of(history, 80, true), HasSubstr("\033[32m==="));
}

}  // namespace
}  // namespace hupd::cli
