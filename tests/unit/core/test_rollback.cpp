#include "story.hpp"

namespace hupd::core {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

Policy keeping(std::uint32_t keep, std::uint32_t workers = 1) {
  Policy policy = policy_of(workers, workers);
  policy.keep = keep;
  return policy;
}

// From one generation that serves to the next; whoever was told to go is gone then.
void is_deployed(Story& web, GenerationId generation) {
  web.boots(generation);
  web.all_ready(generation);
  for (GenerationId old = 1; old < generation; ++old) web.all_leave(old);
}

TEST(a_rollback, goes_back_with_the_parked_zygote_under_a_number_of_its_own) {
  Story web(keeping(1));
  web.serves();
  is_deployed(web, 2);
  web.happens(RollbackRequested{});
  EXPECT_THAT(web.did(), ElementsAre("ReloadStarted(3) back to 1", "Prepare(3)"));
  web.prepared(3);
  EXPECT_THAT(web.did(), ElementsAre("TakeUpZygote(3) of 1", "ForkWorker(3) of 3/1"));
  web.all_ready(3);
  EXPECT_THAT(web.did(),
              ElementsAre("Accept(3)", "Drain(2)", "Switched(3)", "ReloadDone(3)", "Forget(1)"));
}

TEST(a_rollback, and_another_one_lead_back_and_forth) {
  Story web(keeping(1));
  web.serves();
  is_deployed(web, 2);
  for (GenerationId next = 3; next < 23; ++next) {
    web.happens(RollbackRequested{});
    web.prepared(next);
    EXPECT_TRUE(web.has<TakeUpZygote>()) << next;
    web.all_ready(next);
    web.all_leave(next - 1);
    EXPECT_EQ(web.accepting(next), 1U);
  }
}

TEST(a_rollback, starts_a_zygote_from_the_copy_when_none_is_parked) {
  Policy policy = keeping(1);
  policy.park = false;
  Story web(policy);
  web.serves();
  web.boots(2);
  web.all_ready(2);
  EXPECT_THAT(web.did(), Contains("RetireZygote(1)"));
  web.all_leave(1);
  web.happens(RollbackRequested{});
  web.prepared(3);
  EXPECT_THAT(web.did(), ElementsAre("StartZygote(3)"));
}

TEST(a_rollback, needs_no_zygote_that_died_while_it_was_parked) {
  Story web(keeping(1));
  web.serves();
  is_deployed(web, 2);
  web.zygote_dies(1);
  EXPECT_THAT(web.did(), IsEmpty());
  web.happens(RollbackRequested{});
  web.prepared(3);
  EXPECT_THAT(web.did(), ElementsAre("StartZygote(3)"));
}

TEST(a_rollback, can_name_an_older_one) {
  Story web(keeping(2));
  web.serves();
  is_deployed(web, 2);
  is_deployed(web, 3);
  web.happens(RollbackRequested{1});
  EXPECT_THAT(web.did(), ElementsAre("ReloadStarted(4) back to 1", "Prepare(4)"));
}

TEST(a_rollback, that_cannot_be_prepared_leaves_both_versions_as_they_were) {
  Story web(keeping(1));
  web.serves();
  is_deployed(web, 2);
  web.happens(RollbackRequested{});
  web.happens(PrepareFailed{3, "address in use"});
  EXPECT_THAT(web.did(), ElementsAre("ReloadRejected(3) \"address in use\"", "Forget(3)"));
  web.happens(RollbackRequested{});
  web.prepared(4);
  EXPECT_THAT(web.did(), ElementsAre("TakeUpZygote(4) of 1", "ForkWorker(3) of 4/1"));
}

TEST(a_rollback, ends_the_reload_in_flight_and_drops_the_one_that_waits) {
  Story web(keeping(1));
  web.serves();
  is_deployed(web, 2);
  web.reload();
  web.reload();
  web.happens(RollbackRequested{});
  EXPECT_THAT(web.did(),
              ElementsAre("ReloadDropped(4) \"a rollback was asked for\"",
                          "ReloadRejected(3) \"a rollback was asked for\"", "Forget(3)"));
  EXPECT_EQ(web.accepting(2), 1U);
}

TEST(a_rollback, to_a_version_that_is_named_ends_the_reload_in_flight_and_begins) {
  Story web(keeping(2));
  web.serves();
  is_deployed(web, 2);
  is_deployed(web, 3);
  web.reload();
  web.happens(RollbackRequested{1});
  EXPECT_THAT(web.did(), ElementsAre("ReloadRejected(4) \"a rollback was asked for\"",
                                     "ReloadStarted(5) back to 1", "Prepare(5)", "Forget(4)"));
  web.happens(RollbackRequested{7});
  EXPECT_THAT(web.did(), IsEmpty()) << "what is not kept changes nothing";
}

TEST(a_rollback, is_one_when_it_is_asked_for_twice) {
  Story web(keeping(1));
  web.serves();
  is_deployed(web, 2);
  web.happens(RollbackRequested{});
  web.happens(RollbackRequested{});
  EXPECT_THAT(web.did(), IsEmpty());
}

TEST(a_rollback, has_nowhere_to_go_at_first) {
  Story web(keeping(1));
  web.serves();
  web.happens(RollbackRequested{});
  EXPECT_THAT(web.did(), IsEmpty());
}

TEST(a_rollback, to_an_older_one_by_name_goes_there_from_a_reload_in_flight_as_well) {
  Story web(keeping(2));
  web.serves();
  is_deployed(web, 2);
  is_deployed(web, 3);
  web.reload();
  web.happens(RollbackRequested{1});
  EXPECT_THAT(web.did(), ElementsAre("ReloadRejected(4) \"a rollback was asked for\"",
                                     "ReloadStarted(5) back to 1", "Prepare(5)", "Forget(4)"));
  web.happens(RollbackRequested{2});
  EXPECT_THAT(web.did(), ElementsAre("ReloadRejected(5) \"a rollback was asked for\"",
                                     "ReloadStarted(6) back to 2", "Prepare(6)", "Forget(5)"));
}

TEST(versions, that_are_the_same_again_do_not_push_out_an_older_one) {
  Story web(keeping(1));
  web.serves();
  is_deployed(web, 2);
  web.reload();
  web.prepared(3);
  web.happens(ZygoteReady{3, true});
  web.all_ready(3);
  EXPECT_THAT(web.did(), Contains("RetireZygote(2)"));
  web.happens(RollbackRequested{});
  EXPECT_THAT(web.did(), ElementsAre("ReloadStarted(4) back to 1", "Prepare(4)"));
}

TEST(versions, beyond_those_that_are_kept_are_forgotten) {
  Story web(keeping(1));
  web.serves();
  is_deployed(web, 2);
  web.boots(3);
  web.all_ready(3);
  EXPECT_THAT(web.did(), Contains("RetireZygote(1)"));
  EXPECT_THAT(web.did(), Not(Contains("RetireZygote(2)")));
}

TEST(versions, that_are_kept_go_with_the_app) {
  Story web(keeping(1));
  web.serves();
  is_deployed(web, 2);
  web.stop();
  EXPECT_THAT(web.did(), ElementsAre("Drain(2)", "RetireZygote(1)", "RetireZygote(2)"));
}

}  // namespace
}  // namespace hupd::core
