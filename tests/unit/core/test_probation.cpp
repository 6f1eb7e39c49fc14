#include "story.hpp"

namespace hupd::core {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

constexpr const char* why =
    "it lost 2 workers on probation, the last: ended with signal 11 (SIGSEGV)";

Policy on_probation(std::uint32_t crashes) {
  Policy policy = policy_of(1, 1);
  policy.keep = 1;
  policy.probation = 60s;
  policy.probation_crashes = crashes;
  return policy;
}

void is_deployed(Story& web, GenerationId generation) {
  web.boots(generation);
  web.all_ready(generation);
}

TEST(a_probation, begins_when_there_is_something_to_go_back_to) {
  Story web(on_probation(1));
  web.serves();
  EXPECT_THAT(web.did(), Not(Contains("ProbationBegan(1)")));
  is_deployed(web, 2);
  EXPECT_THAT(web.did(), Contains("ProbationBegan(2)"));
  web.all_leave(1);
  web.passes(60s);
  EXPECT_THAT(web.did(), ElementsAre("ProbationPassed(2)"));
}

TEST(a_probation, that_fails_brings_back_what_was_there_before) {
  Story web(on_probation(1));
  web.serves();
  is_deployed(web, 2);
  web.all_leave(1);
  web.dies(2, 1);
  EXPECT_THAT(web.did(), Not(Contains("ReloadStarted(3) back to 1")));
  web.ready(2, 1);
  web.dies(2, 1);
  EXPECT_THAT(web.did(), Contains("ProbationFailed(2) \"" + std::string(why) + "\""));
  EXPECT_THAT(web.did(), Contains("ReloadStarted(3) back to 1"));
  web.prepared(3);
  web.all_ready(3);
  EXPECT_EQ(web.accepting(3), 1U);
  EXPECT_THAT(web.did(), Contains("RetireZygote(2)")) << "it is not kept";
  EXPECT_THAT(web.did(), Not(Contains("ProbationBegan(3)")));
}

TEST(a_probation, fails_at_once_when_a_worker_is_unwell) {
  Story web(on_probation(5));
  web.serves();
  is_deployed(web, 2);
  web.all_leave(1);
  web.happens(WorkerUnwell{2, "probe GET /healthz: 503"});
  EXPECT_THAT(web.did(), ElementsAre("ProbationFailed(2) \"worker 1 is unwell: probe GET "
                                     "/healthz: 503\"",
                                     "ReloadStarted(3) back to 1", "Prepare(3)"));
}

TEST(a_probation, is_over_with_the_next_reload) {
  Story web(on_probation(0));
  web.serves();
  is_deployed(web, 2);
  web.all_leave(1);
  is_deployed(web, 3);
  EXPECT_THAT(web.did(), Contains("RetireZygote(2)")) << "nobody knows whether it is good";
  web.all_leave(2);
  web.dies(3, 1);
  EXPECT_THAT(web.did(), Contains("ReloadStarted(4) back to 1"));
}

TEST(a_probation, that_fails_while_the_next_reload_is_under_way_waits_for_its_end) {
  Story web(on_probation(0));
  web.serves();
  is_deployed(web, 2);
  web.all_leave(1);
  web.reload();
  web.dies(2, 1);
  EXPECT_THAT(web.did(), Not(Contains("ReloadStarted(4) back to 1")));
  web.happens(PrepareFailed{3, "hupd.toml:1:1: no"});
  EXPECT_THAT(web.did(), Contains("ReloadStarted(4) back to 1"));
}

TEST(a_probation, whose_way_back_fails_tries_once_more_and_not_for_ever) {
  Story web(on_probation(0));
  web.serves();
  is_deployed(web, 2);
  web.all_leave(1);
  web.dies(2, 1);
  web.happens(PrepareFailed{3, "address in use"});
  EXPECT_THAT(web.did(), ElementsAre("ReloadRejected(3) \"address in use\"",
                                     "ReloadStarted(4) back to 1", "Prepare(4)", "Forget(3)"));
  web.happens(PrepareFailed{4, "address in use"});
  EXPECT_THAT(web.did(), ElementsAre("ReloadRejected(4) \"address in use\"", "Forget(4)"));
}

TEST(a_probation, whose_way_back_is_aborted_is_left_to_who_aborted_it) {
  Story web(on_probation(0));
  web.serves();
  is_deployed(web, 2);
  web.all_leave(1);
  web.dies(2, 1);
  web.happens(AbortRequested{});
  EXPECT_THAT(web.did(), ElementsAre("ReloadRejected(3) \"aborted\"", "Forget(3)"));
}

}  // namespace
}  // namespace hupd::core
