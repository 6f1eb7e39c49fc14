#include "story.hpp"

namespace hupd::core {
namespace {

using testing::ElementsAre;

TEST(a_worn_worker, serves_until_its_relief_is_ready) {
  Story web(policy_of(1, 1));
  web.serves();
  web.happens(WorkerWorn{1});
  EXPECT_THAT(web.did(), ElementsAre("ForkWorker(2) of 1/1"));
  web.happens(WorkerForked{2});
  web.happens(WorkerReady{2});
  EXPECT_THAT(web.did(), ElementsAre("Accept(2)", "WorkerRelieved(1)", "Drain(1)"));
  web.leaves(1);
  EXPECT_THAT(web.did(), ElementsAre());
}

TEST(worn_workers, are_relieved_by_surge_at_a_time_and_wait_for_who_drains) {
  Story web(policy_of(3, 1));
  web.serves();
  web.happens(WorkerWorn{2});
  EXPECT_THAT(web.did(), ElementsAre("ForkWorker(4) of 1/2"));
  web.happens(WorkerWorn{3});
  EXPECT_THAT(web.did(), ElementsAre());
  web.happens(WorkerReady{4});
  EXPECT_THAT(web.did(), ElementsAre("Accept(4)", "WorkerRelieved(2)", "Drain(2)"));
  web.leaves(2);
  EXPECT_THAT(web.did(), ElementsAre("ForkWorker(5) of 1/3"));
}

TEST(a_relief_that_fails, is_tried_again_with_a_delay_while_the_worn_one_serves) {
  Story web(policy_of(1, 1));
  web.serves();
  web.happens(WorkerWorn{1});
  web.dies(2);
  EXPECT_THAT(web.did(), ElementsAre("WorkerLost(2) retry in 0", "ForkWorker(3) of 1/1"));
  web.dies(3);
  const auto lost = web.all<WorkerLost>().back();
  EXPECT_TRUE(lost.was_relief);
  EXPECT_GT(lost.retry_in, 0ms);
  web.passes(lost.retry_in);
  EXPECT_THAT(web.did(), ElementsAre("ForkWorker(4) of 1/1"));
}

TEST(a_relief, has_the_slot_when_the_worn_one_dies_first) {
  Story web(policy_of(1, 1));
  web.serves();
  web.happens(WorkerWorn{1});
  web.dies(1);
  EXPECT_THAT(web.did(), ElementsAre("WorkerLost(1) retry in 0"));
  web.happens(WorkerReady{2});
  EXPECT_THAT(web.did(), ElementsAre("Accept(2)"));
}

TEST(a_relief, makes_room_for_a_reload_and_is_forked_anew_when_that_fails) {
  Story web(policy_of(1, 1));
  web.serves();
  web.happens(WorkerWorn{1});
  web.reload();
  EXPECT_THAT(web.did(), ElementsAre("ReloadStarted(2)", "Prepare(2)", "Quit(2)"));
  web.leaves(2);
  web.happens(PrepareFailed{2, "no"});
  EXPECT_THAT(web.did(),
              ElementsAre("ReloadRejected(2) \"no\"", "Forget(2)", "ForkWorker(3) of 1/1"));
}

TEST(a_worker_that_wears_during_a_reload, is_replaced_by_it_and_by_nobody_else) {
  Story web(policy_of(1, 1));
  web.serves();
  web.reload();
  web.happens(WorkerWorn{1});
  EXPECT_THAT(web.did(), ElementsAre());
}

TEST(a_worn_worker, is_not_relieved_in_a_place_that_is_given_up) {
  Story web(policy_of(2, 1));
  web.serves();
  web.happens(WorkerWorn{2});
  web.happens(ScaleBy{-1});
  EXPECT_THAT(web.did(), ElementsAre("Quit(3)", "Drain(2)"));
}

}  // namespace
}  // namespace hupd::core
