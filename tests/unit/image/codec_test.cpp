#include "image/codec.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/directory.hpp"

namespace hupd::image {
namespace {

using testing::HasSubstr;

core::Generation core_generation() {
  core::Generation g;
  g.id = 7;
  g.state = core::GenerationState::Serving;
  g.deadline = core::never;
  g.probation = core::Probation::Running;
  g.policy.canary_hold = core::hold_for_ever;
  g.zygote = {core::ZygoteState::Ready, core::never, core::Time(5), 1};
  g.slots = {{1, 17, 0, core::Time(-3), 2}};
  g.workers = {
      {17, 1, core::WorkerState::Draining, core::Time(99), core::Time(7), true, true, "x"}};
  return g;
}

App app() {
  App app;
  app.key = 3;
  app.name = "web";
  app.standing = Standing::Dropped;
  app.core.phase = core::AppPhase::Running;
  app.core.random = UINT64_MAX;
  app.core.generations = {core_generation()};
  Generation g;
  g.id = 7;
  g.plan = "[app.web]\nlibrary = \"/srv/libweb.so\"\nlisten = [\":80\"]\n";
  g.listeners = {1, 2};
  g.expected.failed["abc"] = "crashed";
  g.zygote =
      Child{8, "web", 7, 0, 4711, true, {std::string("a\0\xff", 3)}, {"last words"}, Time(5)};
  Worker worker;
  worker.id = 17;
  worker.page = 4;
  worker.child.key = 9;
  worker.unwell = "database";
  worker.counted.requests = 12;
  g.workers = {worker};
  g.waiting = {{18, 2}};
  app.generations = {g};
  app.legacies.left = {{1, 10, 2, 7, 17, 1, 0, true, false, 0}};
  app.legacies.taking[17] = {1, 1};
  app.progress.drains = {{7, {15, 16}, 4}};
  app.restarts[2] = 3;
  app.outcomes[control::Outcome::Rejected] = 5;
  app.stopped = core::StopOutcome::FirstStartFailed;
  app.condemned = {{"abc", "plan", "reason"}};
  app.wanted = ReloadOptions{true, false};
  return app;
}

Master master() {
  Master m;
  m.hupd = "0.1.0";
  m.wire = 1;
  m.pid = 4242;
  m.program = "/usr/bin/hupd";
  m.arguments = {"hupd", "run", "web.toml"};
  m.past = {3, 1, 2, "2026-11-23T12:00:00Z"};
  m.last_key = 20;
  m.settings.control.mode = 0600;
  m.metrics.listen = {{"127.0.0.1:9090", config::TcpAddress{"127.0.0.1", 9090, true}}};
  m.listeners = {{1,
                  {"unix:/run/x", config::UnixAddress{"/run/x", 0660, "root", ""}},
                  FileIdentity{1, 2},
                  false},
                 {2, {"systemd:web=:80", config::InheritedAddress{"web"}}, {}, true}};
  m.apps = {app()};
  m.news.reloading["web"] = Time(3);
  m.chronicle.reloads.emplace_back().reason = "why";
  m.chronicle.since[1] = Time(6);
  m.exporter.child = Child{};
  Client client;
  client.may = May::Ask;
  client.in = {"{\"comm"};
  client.awaited = Awaited{{{"web", 8}}, {"web"}, true, false, true, false};
  m.clients = {client};
  m.not_ours = {1, 2};
  m.descriptors = {{"listener-1", 7}};
  return m;
}

// Each kind with values that no default has; what a kind has no use for is not in it.
std::vector<core::Action> one_of_each() {
  using namespace core;
  return {Prepare{7, 6},
          StartZygote{7},
          TakeUpZygote{7, 6},
          RetireZygote{7},
          KillZygote{7},
          ForkWorker{7, 17, 2},
          Accept{17},
          core::Drain{17},
          Quit{17},
          Abort{17},
          Kill{17},
          Forget{7},
          ReloadHeldBack{7, Duration(3)},
          ReloadStarted{7, 6, true},
          ReloadDropped{7, "why"},
          CanaryServes{7, 2, hold_for_ever},
          Switched{7},
          ReloadDone{7},
          ReloadRejected{7, "why"},
          ProbationBegan{7, Duration(3)},
          ProbationPassed{7},
          ProbationFailed{7, "why"},
          WorkerRelieved{17},
          WorkerLost{7, 17, 2, "why", Duration(3), true, true},
          DrainOverdue{7, 17},
          Unkillable{7, 17},
          Stopped{StopOutcome::FirstStartFailed}};
}

TEST(Image, HasEachDecisionThatIsNotCarriedOut) {
  Master image;
  image.apps.resize(1);
  image.apps[0].unfinished = one_of_each();
  ASSERT_EQ(image.apps[0].unfinished.size(), std::variant_size_v<core::Action>);
  const auto text = to_text(image);
  for (const auto* whole :
       {R"(["take_up_zygote",{"generation":7,"source":6}])",
        R"(["fork_worker",{"generation":7,"worker":17,"slot":2}])",
        R"(["reload_held_back",{"draining":7,"left":3}])",
        R"(["reload_started",{"generation":7,"source":6,"by_itself":true}])",
        R"(["probation_began",{"generation":7,"time":3}])",
        R"("slot":2,"reason":"why","retry_in":3,"degraded":true,"was_relief":true}])",
        R"(["stopped",{"outcome":"first_start_failed"}])"}) {
    EXPECT_THAT(text, HasSubstr(whole));
  }
  auto again = parse(text);
  ASSERT_TRUE(again) << again.error();
  EXPECT_EQ(to_text(*again), text);
}

TEST(Image, IsNotReadWithADecisionThatThisProgramDoesNotKnow) {
  Master image;
  image.apps.resize(1);
  image.apps[0].unfinished = {core::Accept{17}};
  auto text = to_text(image);
  text.replace(text.find("accept"), 6, "accuse");
  EXPECT_FALSE(parse(text));
}

TEST(ImageCodec, ReadsAllThatItHasWritten) {
  auto image = master();
  const auto text = to_text(image);
  auto read = parse(text);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(to_text(*read), text);
  EXPECT_EQ(read->apps[0].generations[0].zygote->partial.bytes, std::string("a\0\xff", 3));
  EXPECT_EQ(read->apps[0].core.generations[0].policy.canary_hold, core::hold_for_ever);
  EXPECT_EQ(read->apps[0].core.generations[0].slots[0].retry_at, core::Time(-3));
  EXPECT_EQ(read->listeners[0].listen, image.listeners[0].listen);
  EXPECT_EQ(read->past, image.past);
}

// The contract between versions: what masters of the past have written is read for ever, or until
// `oldest_readable` goes up. With HUPD_UPDATE_IMAGE=1 the sample of the present format is written.
TEST(ImageCodec, ReadsWhatOlderVersionsHaveWritten) {
  const std::filesystem::path samples(SAMPLES);
  if (std::getenv("HUPD_UPDATE_IMAGE") != nullptr) {
    auto image = master();
    std::ofstream(samples / ("format-" + std::to_string(format) + ".json")) << to_text(image);
  }
  for (auto one = oldest_readable; one <= format; ++one) {
    const auto read = parse(test::content(samples / ("format-" + std::to_string(one) + ".json")));
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->apps.at(0).generations.at(0).workers.at(0).page, 4U);
    EXPECT_EQ(read->apps.at(0).core.generations.at(0).workers.at(0).id, 17U);
    EXPECT_EQ(read->listeners.at(0).listen.text, "unix:/run/x");
  }
}

TEST(ImageCodec, AKeyOfALaterVersionIsPassedOver) {
  EXPECT_TRUE(parse(R"({"format": 1, "pid": 3, "invented_later": {"a": []}})"));
}

TEST(ImageCodec, AKeyThatIsNotThereLeavesTheDefault) {
  const auto read = parse(R"({"format": 1, "apps": [{"name": "web"}]})");
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->apps[0].legacies.until, core::never);
  EXPECT_EQ(read->past, control::Past{});
}

TEST(ImageCodec, SaysWhyItReadsNothing) {
  EXPECT_THAT(parse("").error(), HasSubstr("not the state of a master"));
  EXPECT_THAT(parse("[]").error(), HasSubstr("not the state of a master"));
  EXPECT_THAT(parse("{}").error(), HasSubstr("format 0"));
  EXPECT_THAT(parse(R"({"format": 99})").error(), HasSubstr("format 99, and hupd"));
  EXPECT_THAT(parse(R"({"format": 1, "apps": [{"core": {"phase": "flying"}}]})").error(),
              HasSubstr("'apps'"));
  EXPECT_THAT(parse(R"({"format": 1, "pid": 99999999999})").error(), HasSubstr("'pid'"));
}

}  // namespace
}  // namespace hupd::image
