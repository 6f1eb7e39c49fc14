#include "story.hpp"

namespace hupd::core {
namespace {

using testing::ElementsAre;

TEST(a_reload, lets_the_new_ones_accept_before_the_old_ones_drain) {
  Story web(policy_of(2, 2));
  web.serves();
  web.boots(2);
  web.ready(2, 1);
  EXPECT_THAT(web.did(), ElementsAre());
  web.ready(2, 2);
  EXPECT_THAT(web.did(), ElementsAre("Accept(3)", "Accept(4)", "Drain(2)", "Drain(1)",
                                     "Switched(2)", "ReloadDone(2)", "RetireZygote(1)"));
  web.all_leave(1);
  EXPECT_THAT(web.did(), ElementsAre("Forget(1)"));
  EXPECT_EQ(web.accepting(2), 2U);
}

TEST(a_reload, coalesces_all_triggers_that_arrive_meanwhile_into_one_more) {
  Story web(policy_of(1, 1));
  web.serves();
  web.boots(2);
  web.reload();
  web.reload();
  web.reload();
  EXPECT_THAT(web.did(), ElementsAre());
  web.all_ready(2);
  EXPECT_EQ(web.all<ReloadStarted>().size(), 1U);
  web.prepared(3);
  web.zygote_ready(3);
  web.all_ready(3);
  EXPECT_TRUE(web.has<ReloadDone>());
  EXPECT_FALSE(web.has<ReloadStarted>());
}

TEST(a_reload, with_a_bad_configuration_changes_nothing) {
  Story web(policy_of(1, 1));
  web.serves();
  web.reload();
  web.happens(PrepareFailed{2, "port in use"});
  EXPECT_THAT(web.did(), ElementsAre("ReloadRejected(2) \"port in use\"", "Forget(2)"));
  EXPECT_EQ(web.accepting(1), 1U);
}

TEST(a_rejected_generation, leaves_the_old_one_serving) {
  Story web(policy_of(2, 2));
  web.serves();
  web.boots(2);
  web.ready(2, 1);
  web.happens(WorkerFailed{web.worker(2, 2), "no database"});
  EXPECT_THAT(web.did(), ElementsAre("ReloadRejected(2) \"worker 2: no database\"", "Quit(3)",
                                     "RetireZygote(2)"));
  web.passes(5s);
  EXPECT_THAT(web.did(), ElementsAre("KillZygote(2)", "Kill(3)", "Kill(4)"));
  web.dies(3);
  web.dies(4);
  web.zygote_dies(2);
  EXPECT_THAT(web.did(), ElementsAre("Forget(2)"));
  EXPECT_EQ(web.accepting(1), 2U);
}

TEST(a_rejected_generation, is_followed_by_the_trigger_that_waited) {
  Story web(policy_of(1, 1));
  web.serves();
  web.boots(2);
  web.reload();
  web.happens(ZygoteFailed{2, "undefined symbol: answer"});
  EXPECT_THAT(web.did(), ElementsAre("ReloadRejected(2) \"undefined symbol: answer\"", "Quit(2)",
                                     "ReloadStarted(3)", "Prepare(3)"));
}

TEST(a_rejection, names_the_deadline_that_passed) {
  Story web(policy_of(2, 2));
  web.serves();
  web.reload();
  web.prepared(2);
  web.passes(30s);
  ASSERT_TRUE(web.has<ReloadRejected>());
  EXPECT_EQ(web.all<ReloadRejected>().front().reason,
            "zygote: not ready after 30 s (boot_timeout)");

  web.boots(3);
  web.ready(3, 1);
  web.passes(30s);
  ASSERT_TRUE(web.has<ReloadRejected>());
  EXPECT_EQ(web.all<ReloadRejected>().front().reason,
            "worker 2: not ready after 30 s (boot_timeout)");
}

TEST(a_rejection, comes_when_a_worker_dies_on_standby) {
  Story web(policy_of(2, 2));
  web.serves();
  web.boots(2);
  web.ready(2, 1);
  web.dies(2, 1);
  EXPECT_TRUE(web.has<ReloadRejected>());
  EXPECT_EQ(web.accepting(1), 2U);
}

TEST(a_rejection, says_how_a_silent_zygote_ended) {
  Story web(policy_of(1, 1));
  web.serves();
  web.reload();
  web.prepared(2);
  web.zygote_dies(2);
  EXPECT_EQ(web.all<ReloadRejected>().front().reason,
            "zygote ended with signal 9 (SIGKILL) before it was ready");
  EXPECT_TRUE(web.has<Forget>());
}

TEST(during_a_reload, a_death_in_the_old_generation_is_replaced_from_the_old_one) {
  Story web(policy_of(2, 2));
  web.serves();
  web.boots(2);
  web.dies(1, 1);
  ASSERT_TRUE(web.has<ForkWorker>());
  EXPECT_EQ(web.all<ForkWorker>().front().generation, 1U);
}

TEST(an_old_worker, that_drains_too_long_quits_and_is_then_killed) {
  Story web(policy_of(1, 1));
  web.serves();
  web.boots(2);
  web.all_ready(2);
  web.zygote_dies(1);
  web.passes(30s);
  EXPECT_THAT(web.did(), ElementsAre("DrainOverdue(1)", "Quit(1)"));
  web.passes(5s);
  EXPECT_THAT(web.did(), ElementsAre("Kill(1)"));
  web.passes(5s);
  EXPECT_THAT(web.did(), ElementsAre("Unkillable(1)", "Kill(1)"));
  web.dies(1);
  EXPECT_THAT(web.did(), ElementsAre("Forget(1)"));
}

TEST(a_generation_without_workers, drains_all_old_ones) {
  Story web(policy_of(2, 2));
  web.serves();
  web.reload();
  web.prepared(2, policy_of(0, 1));
  web.zygote_ready(2);
  EXPECT_THAT(web.did(), ElementsAre("Drain(2)", "Drain(1)", "Switched(2)", "ReloadDone(2)",
                                     "RetireZygote(1)"));
}

// ---- max_draining ----

Policy hurried() {
  Policy policy = policy_of(1, 1);
  policy.max_draining = 2;
  return policy;
}

// Serves generation 3, while 1 and 2 drain, 2 since a second less than 1.
void drain_two(Story& web) {
  web.serves();
  web.boots(2);
  web.all_ready(2);
  web.passes(1s);
  web.boots(3);
  web.all_ready(3);
  web.zygote_dies(1);
  web.zygote_dies(2);
}

TEST(a_storm_of_reloads, is_held_back_while_as_many_generations_drain_as_may) {
  Story web(hurried());
  drain_two(web);
  web.reload();
  EXPECT_THAT(web.did(), ElementsAre("ReloadHeldBack(1) for 29000"));
  web.reload();
  web.reload();
  EXPECT_THAT(web.did(), ElementsAre());
  web.leaves(2);  // whichever is gone first
  EXPECT_THAT(web.did(), ElementsAre("Forget(2)", "ReloadStarted(4)", "Prepare(4)"));
  EXPECT_EQ(web.accepting(3), 1U);
}

TEST(a_reload_that_was_held_back, begins_when_the_oldest_has_run_out_of_time) {
  Story web(hurried());
  drain_two(web);
  web.reload();
  web.passes(34s);
  EXPECT_THAT(web.did(),
              ElementsAre("DrainOverdue(1)", "Quit(1)", "DrainOverdue(2)", "Quit(2)", "Kill(1)"));
  web.dies(1);
  EXPECT_TRUE(web.has<ReloadStarted>());
}

TEST(a_reload_that_was_held_back, does_not_wait_for_a_worker_that_nothing_can_end) {
  Story web(hurried());
  drain_two(web);
  web.reload();
  web.passes(39s);
  EXPECT_TRUE(web.has<Unkillable>());
  EXPECT_TRUE(web.has<ReloadStarted>());
}

TEST(a_reload_that_was_held_back, is_dropped_by_a_stop) {
  Story web(hurried());
  drain_two(web);
  web.reload();
  web.stop();
  for (const GenerationId generation : {1U, 2U, 3U}) web.all_leave(generation);
  EXPECT_TRUE(web.has<Stopped>());
}

TEST(a_reload, may_follow_again_and_again_when_the_old_ones_go_quickly) {
  Story web(hurried());
  web.serves();
  for (GenerationId generation = 2; generation < 20; ++generation) {
    web.boots(generation);
    web.all_ready(generation);
    EXPECT_TRUE(web.has<ReloadDone>());
    web.all_leave(generation - 1);
  }
}

TEST(late_answers, of_a_generation_that_was_given_up_change_nothing) {
  Story web(policy_of(1, 1));
  web.serves();
  web.boots(2);
  web.dies(2, 1);
  for (const Event& late : std::vector<Event>{Prepared{2, Policy{}}, ZygoteReady{2}, WorkerReady{2},
                                              WorkerExited{2, {}}, WorkerForked{2}}) {
    web.happens(late);
    EXPECT_THAT(web.did(), ElementsAre());
  }
}

}  // namespace
}  // namespace hupd::core
