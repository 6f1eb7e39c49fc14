#include "story.hpp"

namespace hupd::core {
namespace {

using testing::ElementsAre;

TEST(a_reload_in_batches, relieves_one_old_worker_for_each_new_one) {
  Story web(policy_of(3, 1));
  web.serves();
  web.boots(2);
  EXPECT_EQ(web.all<ForkWorker>().size(), 1U);
  web.all_ready(2);
  EXPECT_THAT(web.did(), ElementsAre("Accept(4)", "Drain(3)", "Switched(2)"));
  web.all_leave(1);
  EXPECT_THAT(web.did(), ElementsAre("ForkWorker(5) of 2/2"));
  web.all_ready(2);
  EXPECT_THAT(web.did(), ElementsAre("Accept(5)", "Drain(2)"));
  web.all_leave(1);
  web.all_ready(2);
  EXPECT_THAT(web.did(), ElementsAre("Accept(6)", "Drain(1)", "ReloadDone(2)", "RetireZygote(1)"));
}

TEST(a_reload_in_batches, does_not_wait_for_a_worker_that_nothing_can_end) {
  Story web(policy_of(2, 1));
  web.serves();
  web.boots(2);
  web.all_ready(2);
  web.passes(39s);
  EXPECT_FALSE(web.has<ForkWorker>());
  web.passes(1s);
  EXPECT_THAT(web.did(), ElementsAre("Unkillable(2)", "Kill(2)", "ForkWorker(4) of 2/2"));
}

TEST(a_reload_in_batches, may_grow) {
  Story web(policy_of(1, 1));
  web.serves();
  web.reload();
  web.prepared(2, policy_of(4, 2));
  web.zygote_ready(2);
  web.all_ready(2);
  EXPECT_THAT(web.did(), ElementsAre("Accept(2)", "Accept(3)", "Drain(1)", "Switched(2)"));
  web.all_leave(1);
  web.all_ready(2);
  EXPECT_TRUE(web.has<ReloadDone>());
  EXPECT_EQ(web.accepting(2), 4U);
}

TEST(a_reload_in_batches, may_shrink_and_lets_all_that_are_left_go_with_the_last_one) {
  Story web(policy_of(4, 4));
  web.serves();
  web.reload();
  web.prepared(2, policy_of(2, 1));
  web.zygote_ready(2);
  web.all_ready(2);
  EXPECT_THAT(web.did(), ElementsAre("Accept(5)", "Drain(4)", "Switched(2)"));
  web.all_leave(1);
  web.all_ready(2);
  EXPECT_THAT(web.did(), ElementsAre("Accept(6)", "Drain(3)", "Drain(2)", "Drain(1)",
                                     "ReloadDone(2)", "RetireZygote(1)"));
}

TEST(a_failure_in_a_later_batch, refills_the_old_generation_before_the_new_one_goes) {
  Story web(policy_of(2, 1));
  web.serves();
  web.boots(2);
  web.all_ready(2);  // worker 3 accepts, worker 2 drains
  web.all_leave(1);
  web.happens(WorkerFailed{web.worker(2, 2), "no database"});
  EXPECT_THAT(web.did(),
              ElementsAre("ReloadRejected(2) \"worker 2: no database\"", "RetireZygote(2)"));
  EXPECT_EQ(web.accepting(2), 1U);
  web.leaves(4);
  EXPECT_THAT(web.did(), ElementsAre("ForkWorker(5) of 1/2"));
  web.all_ready(1);
  EXPECT_THAT(web.did(), ElementsAre("Accept(5)", "Drain(3)"));
  web.all_leave(2);
  EXPECT_THAT(web.did(), ElementsAre("Forget(2)"));
  EXPECT_EQ(web.accepting(1), 2U);
}

TEST(a_generation_that_recedes, does_not_hold_up_the_next_reload) {
  Story web(policy_of(2, 1));
  web.serves();
  web.boots(2);
  web.all_ready(2);
  web.all_leave(1);
  web.dies(2, 2);
  web.boots(3);
  web.all_ready(3);
  EXPECT_TRUE(web.has<Switched>());
}

TEST(a_new_worker, that_dies_between_the_batches_rejects_the_reload) {
  Story web(policy_of(2, 1));
  web.serves();
  web.boots(2);
  web.all_ready(2);
  web.dies(2, 1);
  EXPECT_EQ(web.all<ReloadRejected>().front().reason, "worker 1 ended with signal 11 (SIGSEGV)");
  EXPECT_EQ(web.all<ForkWorker>().front().generation, 1U);
}

}  // namespace
}  // namespace hupd::core
