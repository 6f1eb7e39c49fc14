#include "story.hpp"

namespace hupd::core {
namespace {

using testing::ElementsAre;

TEST(a_worker_that_dies, is_replaced_at_once_the_first_time) {
  Story web(policy_of(2, 2));
  web.serves();
  web.dies(1, 2);
  EXPECT_THAT(web.did(), ElementsAre("WorkerLost(2) retry in 0", "ForkWorker(3) of 1/2"));
  EXPECT_EQ(web.all<WorkerLost>().front().reason, "ended with signal 11 (SIGSEGV)");
  web.all_ready(1);
  EXPECT_THAT(web.did(), ElementsAre("Accept(3)"));
}

TEST(a_worker_that_dies, is_missed_even_when_it_exits_cleanly) {
  Story web(policy_of(1, 1));
  web.serves();
  web.leaves(1);
  EXPECT_TRUE(web.has<WorkerLost>());
}

TEST(a_crash_loop, backs_off_and_is_called_degraded_from_the_third_time) {
  Story web(policy_of(1, 1));
  web.serves();
  std::vector<std::string> said;
  for (int crash = 0; crash < 4; ++crash) {
    web.dies(1, 1);
    const WorkerLost lost = web.all<WorkerLost>().front();
    said.push_back(std::to_string(lost.retry_in.count()) + (lost.degraded ? " degraded" : ""));
    web.passes(lost.retry_in);
    web.all_ready(1);
  }
  EXPECT_THAT(said, ElementsAre("0", "100", "200 degraded", "400 degraded"));
}

TEST(a_crash_loop, ends_when_a_worker_has_served_long_enough) {
  Story web(policy_of(1, 1));
  web.serves();
  web.dies(1, 1);
  web.all_ready(1);
  web.passes(10s);
  web.dies(1, 1);
  EXPECT_EQ(web.all<WorkerLost>().front().retry_in, 0ms);
}

TEST(a_respawn, that_is_not_ready_in_time_is_killed_and_counts_as_a_failure) {
  Story web(policy_of(1, 1));
  web.serves();
  web.dies(1, 1);
  web.happens(WorkerForked{2});
  web.passes(30s);
  EXPECT_THAT(web.did(), ElementsAre("Kill(2)"));
  web.dies(2);
  EXPECT_THAT(web.did(), ElementsAre("WorkerLost(2) retry in 100"));
  EXPECT_EQ(web.all<WorkerLost>().front().reason, "not ready after 30 s (boot_timeout)");
}

TEST(a_respawn, that_is_never_announced_means_that_the_zygote_is_stuck) {
  Story web(policy_of(1, 1));
  web.serves();
  web.dies(1, 1);
  web.passes(30s);
  EXPECT_THAT(web.did(), ElementsAre("KillZygote(1)", "Kill(2)"));
  web.zygote_dies(1);
  EXPECT_THAT(web.did(), ElementsAre("StartZygote(1)"));
}

TEST(a_serving_zygote_that_dies, is_restarted_while_its_workers_serve_on) {
  Story web(policy_of(2, 2));
  web.serves();
  web.zygote_dies(1);
  EXPECT_THAT(web.did(), ElementsAre("StartZygote(1)"));
  web.dies(1, 1);
  EXPECT_THAT(web.did(), ElementsAre("WorkerLost(1) retry in 0"));
  web.zygote_ready(1);
  EXPECT_THAT(web.did(), ElementsAre("ForkWorker(3) of 1/1"));
}

TEST(what_is_lost_with_its_master, is_no_failure_of_its_own_however_often) {
  const Exit with_master{false, "the death of its master", true};
  Story web(policy_of(1, 1));
  web.serves();
  for (int death = 0; death < 5; ++death) {
    web.happens(ZygoteExited{1, with_master});
    EXPECT_THAT(web.did(), ElementsAre("StartZygote(1)"));
    web.zygote_ready(1);
  }
  web.dies(1, 1);
  for (int death = 0; death < 5; ++death) {
    const auto unborn = web.worker(1, 1);
    web.happens(WorkerExited{unborn, with_master});
    EXPECT_THAT(web.did(), ElementsAre("ForkWorker(" + std::to_string(unborn + 1) + ") of 1/1"));
  }
}

TEST(a_serving_zygote_that_dies, again_and_again_backs_off) {
  Story web(policy_of(1, 1));
  web.serves();
  web.zygote_dies(1);
  web.zygote_dies(1);
  EXPECT_THAT(web.did(), ElementsAre());
  web.passes(100ms);
  EXPECT_THAT(web.did(), ElementsAre("StartZygote(1)"));
  web.passes(30s);
  EXPECT_THAT(web.did(), ElementsAre("KillZygote(1)"));
}

TEST(a_stalled_worker, is_aborted_then_killed_and_replaced_once_it_is_reaped) {
  Story web(policy_of(1, 1));
  web.serves();
  web.happens(WorkerStalled{1});
  EXPECT_THAT(web.did(), ElementsAre("Abort(1)"));
  web.happens(WorkerStalled{1});
  EXPECT_THAT(web.did(), ElementsAre());
  web.passes(5s);
  EXPECT_THAT(web.did(), ElementsAre("Kill(1)"));
  web.dies(1);
  EXPECT_THAT(web.did(), ElementsAre("WorkerLost(1) retry in 0", "ForkWorker(2) of 1/1"));
  EXPECT_EQ(web.all<WorkerLost>().front().reason, "no heartbeat (stall_timeout)");
}

TEST(a_stalled_worker, is_not_waited_for_when_it_was_told_to_drain) {
  Story web(policy_of(1, 1));
  web.serves();
  web.passes(1s);
  web.happens(WorkerAsksToGo{1});
  EXPECT_THAT(web.did(), ElementsAre("Drain(1)", "ForkWorker(2) of 1/1"));
  web.happens(WorkerStalled{1});
  EXPECT_THAT(web.did(), ElementsAre("Abort(1)"));
}

TEST(a_worker_without_room_in_the_queue, keeps_its_connections_and_holds_no_reload_back) {
  Policy policy = policy_of(1, 1);
  policy.max_draining = 1;
  Story web(policy);
  web.serves();
  web.boots(2);
  web.all_ready(2);
  web.zygote_dies(1);  // as it was told to
  web.passes(29s);
  web.happens(WorkerHasNoRoom{1});
  web.passes(29s);
  EXPECT_THAT(web.did(), ElementsAre());
  web.reload();
  EXPECT_THAT(web.did(), ElementsAre("ReloadStarted(3)", "Prepare(3)"));
}

TEST(a_worker_without_room_in_the_queue, does_not_put_off_a_stop) {
  Story web(policy_of(1, 1));
  web.serves();
  web.happens(WorkerAsksToGo{1});
  web.stop();
  web.zygote_dies(1);
  web.passes(29s);
  web.happens(WorkerHasNoRoom{1});
  web.passes(1s);
  EXPECT_THAT(web.did(), ElementsAre("DrainOverdue(1)", "Quit(1)"));
}

TEST(a_worker_that_nothing_can_end, is_replaced_all_the_same) {
  Story web(policy_of(1, 1));
  web.serves();
  web.happens(WorkerStalled{1});
  web.passes(10s);
  EXPECT_THAT(web.did(), ElementsAre("Kill(1)", "Unkillable(1)", "Kill(1)",
                                     "WorkerLost(1) retry in 0", "ForkWorker(2) of 1/1"));
}

TEST(a_worker_that_asks_to_go, is_replaced_at_once_and_is_no_failure) {
  Story web(policy_of(1, 1));
  web.serves();
  web.passes(1s);
  web.happens(WorkerAsksToGo{1});
  EXPECT_THAT(web.did(), ElementsAre("Drain(1)", "ForkWorker(2) of 1/1"));
  web.all_ready(1);
  web.passes(30s);
  EXPECT_THAT(web.did(), ElementsAre("DrainOverdue(1)", "Quit(1)"));
  web.leaves(1);
  EXPECT_THAT(web.did(), ElementsAre());
}

TEST(a_worker_that_asks_to_go, as_soon_as_it_serves_does_not_make_the_app_spin) {
  Story web(policy_of(1, 1));
  web.serves();
  web.happens(WorkerAsksToGo{1});
  EXPECT_THAT(web.did(), ElementsAre("Drain(1)"));
  web.passes(100ms);
  EXPECT_THAT(web.did(), ElementsAre("ForkWorker(2) of 1/1"));
}

}  // namespace
}  // namespace hupd::core
