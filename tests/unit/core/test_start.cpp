#include "story.hpp"

namespace hupd::core {
namespace {

using testing::ElementsAre;

TEST(a_first_start, goes_from_the_configuration_to_accepting_workers) {
  Story web(policy_of(2, 2));
  web.start();
  EXPECT_THAT(web.did(), ElementsAre("ReloadStarted(1)", "Prepare(1)"));
  web.prepared(1);
  EXPECT_THAT(web.did(), ElementsAre("StartZygote(1)"));
  web.zygote_ready(1);
  EXPECT_THAT(web.did(), ElementsAre("ForkWorker(1) of 1/1", "ForkWorker(2) of 1/2"));
  web.ready(1, 1);
  EXPECT_THAT(web.did(), ElementsAre());
  web.ready(1, 2);
  EXPECT_THAT(web.did(), ElementsAre("Accept(1)", "Accept(2)", "Switched(1)", "ReloadDone(1)"));
}

TEST(a_first_start, boots_all_workers_at_once_whatever_the_surge) {
  Story web(policy_of(3, 1));
  web.start();
  web.prepared(1);
  web.zygote_ready(1);
  EXPECT_EQ(web.all<ForkWorker>().size(), 3U);
}

TEST(a_first_start, that_meets_a_bad_configuration_stops_with_the_reason) {
  Story web(policy_of(1, 1));
  web.start();
  web.happens(PrepareFailed{1, "hupd.toml:3:1: unknown key"});
  EXPECT_THAT(web.did(), ElementsAre("ReloadRejected(1) \"hupd.toml:3:1: unknown key\"",
                                     "Forget(1)", "Stopped: start failed"));
}

TEST(a_first_start, that_fails_leaves_nothing_behind) {
  Story web(policy_of(2, 2));
  web.start();
  web.prepared(1);
  web.zygote_ready(1);
  web.reload();  // has nothing to reload any more
  web.dies(1, 2);
  EXPECT_THAT(web.did(), ElementsAre("ReloadRejected(1) \"worker 2 ended with signal 11 (SIGSEGV) "
                                     "before it was ready\"",
                                     "Quit(1)", "RetireZygote(1)"));
  web.all_leave(1);
  EXPECT_THAT(web.did(), ElementsAre("Forget(1)", "Stopped: start failed"));
}

TEST(a_first_start, that_was_lost_with_its_master_is_begun_again) {
  Story web(policy_of(1, 1));
  web.start();
  web.prepared(1);
  web.happens(ZygoteExited{1, {false, "the death of its master", true}});
  EXPECT_THAT(web.did(),
              ElementsAre("ReloadRejected(1) \"zygote ended with the death of its master "
                          "before it was ready\"",
                          "Forget(1)", "ReloadStarted(2)", "Prepare(2)"));
  web.happens(PrepareFailed{2, "the master died", true});
  web.boots(3);
  web.ready(3, 1);
  EXPECT_TRUE(web.has<ReloadDone>());
}

TEST(a_first_start, that_was_lost_with_its_master_and_is_not_wanted_ends) {
  Story web(policy_of(1, 1));
  web.start();
  web.prepared(1);
  web.stop();
  web.happens(ZygoteExited{1, {false, "the death of its master", true}});
  EXPECT_TRUE(web.has<Stopped>());
}

TEST(a_first_start, whose_configuration_is_never_read_fails_in_time) {
  Story web(policy_of(1, 1));
  web.start();
  web.passes(30s);
  EXPECT_TRUE(web.has<Stopped>());
}

TEST(a_first_start, with_no_workers_is_legal) {
  Story web(policy_of(0, 1));
  web.serves();
  web.reload();
  EXPECT_THAT(web.did(), ElementsAre("ReloadStarted(2)", "Prepare(2)"));
}

TEST(a_worker, may_be_ready_before_its_announcement_arrives) {
  Story web(policy_of(1, 1));
  web.start();
  web.prepared(1);
  web.zygote_ready(1);
  web.happens(WorkerReady{1});
  EXPECT_TRUE(web.has<Accept>());
  web.happens(WorkerForked{1});
  EXPECT_THAT(web.did(), ElementsAre());
}

}  // namespace
}  // namespace hupd::core
