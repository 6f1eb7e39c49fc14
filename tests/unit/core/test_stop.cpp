#include "story.hpp"

namespace hupd::core {
namespace {

using testing::ElementsAre;

TEST(a_graceful_stop, drains_everyone_and_ends_when_nothing_lives) {
  Story web(policy_of(2, 2));
  web.serves();
  web.stop();
  EXPECT_THAT(web.did(), ElementsAre("Drain(2)", "Drain(1)", "RetireZygote(1)"));
  web.all_leave(1);
  EXPECT_THAT(web.did(), ElementsAre("Forget(1)", "Stopped"));
  web.reload();
  web.start();
  web.stop();
  EXPECT_THAT(web.did(), ElementsAre());
}

TEST(a_graceful_stop, that_takes_too_long_gets_rougher) {
  Story web(policy_of(1, 1));
  web.serves();
  web.stop();
  web.zygote_dies(1);
  web.passes(35s);
  EXPECT_THAT(web.did(), ElementsAre("DrainOverdue(1)", "Quit(1)", "Kill(1)"));
  web.dies(1);
  EXPECT_TRUE(web.has<Stopped>());
}

TEST(a_second_stop, is_a_quick_one) {
  Story web(policy_of(1, 1));
  web.serves();
  web.stop();
  web.stop();
  EXPECT_THAT(web.did(), ElementsAre("Quit(1)"));
}

TEST(a_quick_stop, does_not_drain) {
  Story web(policy_of(1, 1));
  web.serves();
  web.stop(StopMode::Quick);
  EXPECT_THAT(web.did(), ElementsAre("Quit(1)", "RetireZygote(1)"));
}

TEST(a_stop, discards_the_reload_in_flight_and_the_one_that_waits) {
  Story web(policy_of(1, 1));
  web.serves();
  web.boots(2);
  web.reload();
  web.stop();
  EXPECT_THAT(web.did(), ElementsAre("Kill(2)", "Drain(1)", "ReloadRejected(2) \"stop requested\"",
                                     "RetireZygote(1)", "RetireZygote(2)"));
  web.all_leave(1);
  web.all_leave(2);
  EXPECT_TRUE(web.has<Stopped>());
}

TEST(a_stop, before_the_start_is_at_once) {
  Story web(policy_of(1, 1));
  web.stop();
  EXPECT_THAT(web.did(), ElementsAre("Stopped"));
}

TEST(a_stop, in_the_middle_of_the_first_start_was_asked_for) {
  Story web(policy_of(1, 1));
  web.start();
  web.prepared(1);
  web.stop();
  EXPECT_THAT(web.did(), ElementsAre("KillZygote(1)", "ReloadRejected(1) \"stop requested\""));
  web.zygote_dies(1);
  EXPECT_THAT(web.did(), ElementsAre("Forget(1)", "Stopped"));
}

TEST(a_stop, waits_for_nobody_who_boots_and_asks_those_on_standby) {
  Story web(policy_of(2, 2));
  web.start();
  web.prepared(1);
  web.zygote_ready(1);
  web.ready(1, 1);
  web.stop();
  EXPECT_THAT(web.did(), ElementsAre("Kill(2)", "ReloadRejected(1) \"stop requested\"", "Quit(1)",
                                     "RetireZygote(1)"));
}

TEST(a_stop, kills_a_replacement_that_boots) {
  Story web(policy_of(2, 2));
  web.serves();
  web.dies(1, 1);
  web.stop();
  EXPECT_THAT(web.did(), ElementsAre("Kill(3)", "Drain(2)", "RetireZygote(1)"));
}

TEST(a_quick_stop, kills_who_boots_as_well) {
  Story web(policy_of(1, 1));
  web.serves();
  web.boots(2);
  web.stop(StopMode::Quick);
  EXPECT_THAT(web.did(), ElementsAre("Kill(2)", "Quit(1)", "ReloadRejected(2) \"stop requested\"",
                                     "RetireZygote(1)", "RetireZygote(2)"));
}

TEST(a_worker_that_dies_while_stopping, is_not_replaced) {
  Story web(policy_of(2, 2));
  web.serves();
  web.stop();
  web.dies(1, 1);
  EXPECT_THAT(web.did(), ElementsAre());
}

}  // namespace
}  // namespace hupd::core
