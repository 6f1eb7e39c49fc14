#include "story.hpp"

namespace hupd::core {
namespace {

using testing::ElementsAre;

TEST(one_worker_more, accepts_as_soon_as_it_is_ready) {
  Story web(policy_of(1, 1));
  web.serves();
  web.happens(ScaleBy{1});
  EXPECT_THAT(web.did(), ElementsAre("ForkWorker(2) of 1/2"));
  web.all_ready(1);
  EXPECT_THAT(web.did(), ElementsAre("Accept(2)"));
}

TEST(one_worker_fewer, is_the_one_of_the_highest_slot) {
  Story web(policy_of(3, 3));
  web.serves();
  web.happens(ScaleBy{-1});
  EXPECT_THAT(web.did(), ElementsAre("Drain(3)"));
  web.leaves(3);
  EXPECT_THAT(web.did(), ElementsAre());
}

TEST(one_worker_fewer, is_preferably_one_that_does_not_accept) {
  Story web(policy_of(2, 2));
  web.serves();
  web.dies(1, 1);
  web.happens(ScaleBy{-1});
  EXPECT_THAT(web.did(), ElementsAre("Quit(3)"));
  EXPECT_EQ(web.accepting(1), 1U);
}

TEST(scaling, stays_between_0_and_1024) {
  Story web(policy_of(1, 1));
  web.serves();
  web.happens(ScaleBy{-5});
  EXPECT_THAT(web.did(), ElementsAre("Drain(1)"));
  web.happens(ScaleTo{5'000});
  EXPECT_EQ(web.all<ForkWorker>().size(), 1024U);
}

TEST(scaling_to_none, keeps_the_zygote_and_the_next_reload_brings_the_workers_back) {
  Story web(policy_of(2, 2));
  web.serves();
  web.happens(ScaleTo{0});
  EXPECT_THAT(web.did(), ElementsAre("Drain(2)", "Drain(1)"));
  web.all_leave(1);
  web.boots(2);
  web.all_ready(2);
  EXPECT_EQ(web.accepting(2), 2U);
}

TEST(scaling_during_a_reload, is_for_the_serving_generation_only) {
  Story web(policy_of(1, 1));
  web.serves();
  web.boots(2);
  web.happens(ScaleBy{1});
  EXPECT_EQ(web.all<ForkWorker>().front().generation, 1U);
  web.all_ready(1);
  web.all_ready(2);
  EXPECT_EQ(web.accepting(2), 1U);
  EXPECT_EQ(web.accepting(1), 0U);
}

}  // namespace
}  // namespace hupd::core
