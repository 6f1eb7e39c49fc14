#include "story.hpp"

namespace hupd::core {
namespace {

using testing::ElementsAre;

Policy with_canary(std::uint32_t workers, Duration hold) {
  Policy policy = policy_of(workers, workers);
  policy.canary = 1;
  policy.canary_hold = hold;
  return policy;
}

// Beside generation 1, whose workers have the first numbers.
void canary_serves(Story& web) {
  web.serves();
  web.boots(2);
  web.all_ready(2);
}

TEST(a_canary, serves_beside_all_the_old_workers_until_its_time_is_over) {
  Story web(with_canary(3, 10s));
  canary_serves(web);
  EXPECT_THAT(web.did(), ElementsAre("Accept(4)", "CanaryServes(2)"));
  EXPECT_EQ(web.accepting(1), 3U);
  web.passes(9s);
  EXPECT_THAT(web.did(), ElementsAre());
  web.passes(1s);
  EXPECT_THAT(web.did(), ElementsAre("Drain(3)", "Switched(2)"));
  web.leaves(3);
  EXPECT_THAT(web.did(), ElementsAre("ForkWorker(5) of 2/2", "ForkWorker(6) of 2/3"));
}

TEST(a_canary, of_the_only_worker_is_the_whole_generation_when_it_is_promoted) {
  Story web(with_canary(1, hold_for_ever));
  canary_serves(web);
  web.passes(1h);
  EXPECT_THAT(web.did(), ElementsAre());
  web.happens(PromoteRequested{});
  EXPECT_THAT(web.did(),
              ElementsAre("Drain(1)", "Switched(2)", "ReloadDone(2)", "RetireZygote(1)"));
}

TEST(a_canary, that_dies_ends_the_reload_and_nothing_else) {
  Story web(with_canary(2, 10s));
  canary_serves(web);
  web.dies(3);
  EXPECT_THAT(web.did(),
              ElementsAre("ReloadRejected(2) \"worker 1 ended with signal 11 (SIGSEGV)\"",
                          "RetireZygote(2)"));
  EXPECT_EQ(web.accepting(1), 2U);
}

TEST(a_canary, that_is_unwell_is_rejected_and_drains) {
  Story web(with_canary(2, 10s));
  canary_serves(web);
  web.happens(WorkerUnwell{3, "probe GET /healthz: 503: no database"});
  EXPECT_THAT(web.did(),
              ElementsAre("ReloadRejected(2) \"worker 1 is unwell: probe GET /healthz: 503: no "
                          "database\"",
                          "Drain(3)", "RetireZygote(2)"));
  EXPECT_EQ(web.accepting(1), 2U);
}

TEST(a_canary, does_not_mind_that_an_old_worker_is_unwell) {
  Story web(with_canary(2, 10s));
  canary_serves(web);
  web.happens(WorkerUnwell{1, "no disk"});
  EXPECT_THAT(web.did(), ElementsAre());
}

TEST(an_unwell_worker, serves_on_when_its_generation_has_proved_itself) {
  Story web(policy_of(2, 1));
  web.serves();
  web.happens(WorkerUnwell{1, "no disk"});
  EXPECT_THAT(web.did(), ElementsAre());
}

TEST(an_unwell_worker, ends_a_reload_between_its_batches) {
  Story web(policy_of(2, 1));
  web.serves();
  web.boots(2);
  web.all_ready(2);
  web.happens(WorkerUnwell{3, "no disk"});
  EXPECT_THAT(web.did()[0], "ReloadRejected(2) \"worker 1 is unwell: no disk\"");
}

TEST(a_canary, that_is_aborted_drains) {
  Story web(with_canary(2, hold_for_ever));
  canary_serves(web);
  web.happens(AbortRequested{});
  EXPECT_THAT(web.did(),
              ElementsAre("ReloadRejected(2) \"aborted\"", "Drain(3)", "RetireZygote(2)"));
}

TEST(a_canary, gives_way_to_the_next_deploy) {
  Story web(with_canary(2, hold_for_ever));
  canary_serves(web);
  web.reload();
  EXPECT_THAT(web.did(),
              ElementsAre("ReloadRejected(2) \"another reload was asked for before the canary was "
                          "promoted\"",
                          "Drain(3)", "RetireZygote(2)", "ReloadStarted(3)", "Prepare(3)"));
}

TEST(the_first_start, has_no_canary) {
  Story web(with_canary(2, hold_for_ever));
  web.serves();
  EXPECT_EQ(web.accepting(1), 2U);
}

TEST(promote, means_nothing_without_a_canary) {
  Story web(policy_of(1, 1));
  web.serves();
  web.happens(PromoteRequested{});
  EXPECT_THAT(web.did(), ElementsAre());
  web.happens(AbortRequested{});
  EXPECT_THAT(web.did(), ElementsAre());
}

}  // namespace
}  // namespace hupd::core
