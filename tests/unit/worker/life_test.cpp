// A worker's life beside a scripted master in the same loop.
#include "worker/life.hpp"

#include <csignal>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "os/memory.hpp"
#include "stage.hpp"

namespace hupd::worker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using wire::Phase;

// The master's messages, by name.
struct Named {
  std::string operator()(const wire::Ready&) const { return "ready"; }
  std::string operator()(const wire::Awaits&) const { return "awaits"; }
  std::string operator()(const wire::Took&) const { return "took"; }
  std::string operator()(const wire::Left&) const { return "left"; }
  std::string operator()(const wire::Worn& worn) const { return "worn: " + worn.limit; }
  std::string operator()(const wire::Unwell& unwell) const { return "unwell: " + unwell.reason; }
  std::string operator()(const wire::Well&) const { return "well"; }
  std::string operator()(const wire::AsksToGo&) const { return "asks to go"; }
  std::string operator()(const wire::Released&) const { return "released"; }
  std::string operator()(const wire::Leaving& m) const {
    return "leaving, cut " + std::to_string(m.cut);
  }
  std::string operator()(const wire::Failed& m) const { return "failed: " + m.reason; }
  std::string operator()(const auto&) const { return "no worker's message"; }
};

class LifeTest : public testing::Test, public Stage {
 protected:
  LifeTest() {
    reborn();
    hung_.start(20'000);
  }
  void reborn() {
    auto pair = os::channel_pair();
    master_ = wire::Link(std::move(pair->first));
    workers_end_ = wire::Link(std::move(pair->second));
    board.page(1).phase = Phase::Empty;
  }

  void order(const wire::Message& message, const std::vector<int>& fds = {}) {
    ASSERT_TRUE(master_.send(message, fds, os::Wait::No));
  }
  // `then` is done in the worker's loop once it is in that phase.
  void when(Phase phase, std::function<void()> then) {
    steps_.emplace_back(phase, std::move(then));
    watch_.start(1, 1);
  }
  // Once it has been probed so many times more while it accepts.
  void when_probed(int times) {
    when(Phase::Accepting, [this, times] { wanted_ = sample_.probes + times; });
    when(Phase::Accepting, [this] { wait_for_probe(); });
  }
  void wait_for_probe() {
    if (sample_.probes >= wanted_) return;
    steps_.emplace(steps_.begin(), Phase::Accepting, [this] { wait_for_probe(); });
  }
  void when(Phase phase, const wire::Message& message) {
    when(phase, [this, message] { order(message); });
  }

  // The whole life: its exit code.
  int live(const char* library = SAMPLE_LISTENER) {
    std::vector<Listener> listeners;
    listeners.push_back(listen("a"));
    Assignment assignment{
        wire::Start{7, 3, 1, 1}, std::move(*wire::Scoreboard::map(file.get(), os::Access::Read)),
        std::move(*wire::OwnPage::map(file.get(), 1)), assigned(std::move(listeners)), os::Fd()};
    Life life(&loop, std::move(workers_end_), settings, created(library, settings),
              std::move(assignment), [this] { ++booted_; });
    return life.run();
  }
  std::vector<std::string> told() {
    std::vector<std::string> words;
    for (;;) {
      const auto delivery = master_.receive(os::Wait::No);
      const auto* letter = std::get_if<wire::Letter>(&delivery);
      if (letter == nullptr) return words;
      words.push_back(std::visit(Named{}, letter->message));
    }
  }
  Phase phase() const { return board.page(1).phase.load(); }

  listener_sample& sample_ = new_sample();
  wire::Link master_;
  wire::Link workers_end_;
  int booted_ = 0;
  std::chrono::milliseconds began_{};
  int wanted_ = 0;  // probes

 private:
  void look() {
    if (steps_.empty() || phase() != steps_.front().first) return;
    const auto then = std::move(steps_.front().second);
    steps_.erase(steps_.begin());
    then();
  }

  std::vector<std::pair<Phase, std::function<void()>>> steps_;
  loop::Timer watch_{&loop, [this] { look(); }};
  loop::Timer hung_{&loop, [this] {
                      ADD_FAILURE() << "it does not end";
                      uv_stop(&loop);
                    }};
};

TEST_F(LifeTest, IsReadyOnStandbyAndLeavesWhenTold) {
  when(Phase::Standby, [this] {
    EXPECT_EQ(booted_, 1) << "the boot has succeeded";
    EXPECT_THAT(told(), ElementsAre("ready"));
    EXPECT_EQ(sample_.listens, 0) << "it does not accept";
    order(wire::Quit{});
  });
  EXPECT_EQ(live(), 0);
  EXPECT_THAT(told(), ElementsAre("leaving, cut 0"));
  EXPECT_EQ(sample_.starts, 1);
  EXPECT_EQ(sample_.stops, 1);
}

TEST_F(LifeTest, AcceptsFromTheSwitchOnAndOnlyOnce) {
  order(wire::Accept{});
  order(wire::Accept{});
  when(Phase::Accepting, wire::Quit{});
  EXPECT_EQ(live(), 0);
  EXPECT_EQ(sample_.listens, 1);
  EXPECT_THAT(told(), ElementsAre("ready", "leaving, cut 0"));
}

TEST_F(LifeTest, FailsWithTheReasonOfAStartThatFailed) {
  sample_.start_result = 2;
  EXPECT_EQ(live(), 1);
  EXPECT_THAT(told(), ElementsAre("failed: start failed with 2: no database", "leaving, cut 0"));
  EXPECT_EQ(booted_, 0);
  EXPECT_EQ(sample_.stops, 1);
}

TEST_F(LifeTest, IsReadyWhenAPendingApplicationSaysSo) {
  sample_.start_result = HUPD_PENDING;
  when(Phase::Empty, [this] {
    EXPECT_EQ(booted_, 0);
    EXPECT_TRUE(told().empty());
    host_table().ready(sample_.worker);
    host_table().ready(sample_.worker);
    host_table().start_failed(sample_.worker, {"too late", 8});
    order(wire::Quit{});
  });
  EXPECT_EQ(live(), 0);
  EXPECT_EQ(booted_, 1);
  EXPECT_THAT(told(), ElementsAre("ready", "leaving, cut 0"));
}

TEST_F(LifeTest, FailsWithTheReasonOfAPendingApplication) {
  sample_.start_result = HUPD_PENDING;
  when(Phase::Empty, [this] { host_table().start_failed(sample_.worker, {"no licence", 10}); });
  EXPECT_EQ(live(), 1);
  EXPECT_EQ(booted_, 0);
  EXPECT_THAT(told(), ElementsAre("failed: no licence", "leaving, cut 0"));
}

TEST_F(LifeTest, IsNotReadyBeforeItsProbeIsAnswered) {
  sample_.probe_result = HUPD_LATER;
  when(Phase::Empty, [this] {
    EXPECT_THAT(told(), IsEmpty());
    host_table().start_failed(sample_.worker, {"too late", 8});
    host_table().probe_done(sample_.worker, sample_.probe_number + 1, 0, {"another", 7});
    host_table().probe_done(sample_.worker, sample_.probe_number, 1, {});
    host_table().probe_done(sample_.worker, sample_.probe_number, 0, {"again", 5});
    order(wire::Quit{});
  });
  EXPECT_EQ(live(), 0);
  EXPECT_EQ(booted_, 1);
  EXPECT_EQ(sample_.probes, 1);
  EXPECT_THAT(told(), ElementsAre("ready", "leaving, cut 0"));
}

TEST_F(LifeTest, FailsWithTheReasonOfAProbe) {
  sample_.probe_result = 2;
  EXPECT_EQ(live(), 1);
  EXPECT_EQ(booted_, 0);
  EXPECT_THAT(told(), ElementsAre("failed: probe failed: no disk", "leaving, cut 0"));
}

TEST_F(LifeTest, FailsWithTheReasonOfAProbeThatIsAnsweredLater) {
  sample_.probe_result = HUPD_LATER;
  when(Phase::Empty, [this] {
    host_table().probe_done(sample_.worker, sample_.probe_number, 0, {"no\nluck", 7});
  });
  EXPECT_EQ(live(), 1);
  EXPECT_THAT(told(), ElementsAre("failed: probe failed: no luck", "leaving, cut 0"));
}

TEST_F(LifeTest, FailsWhenItsProbeIsNotAnsweredInTime) {
  settings.probe.timeout = std::chrono::milliseconds(20);
  sample_.probe_result = HUPD_LATER;
  EXPECT_EQ(live(), 1);
  EXPECT_THAT(told(), ElementsAre("failed: probe: no answer within 20ms (probe.timeout)",
                                  "leaving, cut 0"));
}

TEST_F(LifeTest, IsProbedWhenItHasTakenWhatWasLeft) {
  auto& heir = new_sample(SAMPLE_HEIR);
  heir.probe_result = 2;
  when(Phase::Empty, [&] {
    EXPECT_EQ(heir.probes, 0);
    order(wire::InheritEnd{});
  });
  EXPECT_EQ(live(SAMPLE_HEIR), 1);
  EXPECT_THAT(told(), ElementsAre("awaits", "failed: probe failed: no disk", "leaving, cut 0"));
}

TEST_F(LifeTest, AsksItsOwnServiceBeforeItIsReadyAndThenAgain) {
  settings.probe.path = "/healthz";
  settings.probe.interval = std::chrono::milliseconds(1);
  when(Phase::Standby, wire::Accept{});
  for (int turn = 0; turn < 20; ++turn) when(Phase::Accepting, [] {});
  when(Phase::Accepting, [this] {
    EXPECT_EQ(board.page(1).requests.load(), 0U);
    EXPECT_EQ(board.page(1).accepted.load(), 0U);
    order(wire::Drain{});
  });
  EXPECT_EQ(live(APP_HELLO), 0);
  EXPECT_THAT(told(), ElementsAre("ready", "released", "leaving, cut 0"));
}

TEST_F(LifeTest, FailsWhenItsOwnServiceDoesNotAnswerInTime) {
  settings.probe.path = "/healthz";
  settings.probe.timeout = std::chrono::milliseconds(20);
  EXPECT_EQ(live(SAMPLE_WHOLE), 1);
  EXPECT_THAT(told(),
              ElementsAre("failed: probe GET /healthz: no answer within 20ms (probe.timeout)",
                          "leaving, cut 0"));
}

TEST_F(LifeTest, LeavesInTheMiddleOfAProbe) {
  settings.probe.path = "/healthz";
  when(Phase::Empty, wire::Quit{});
  EXPECT_EQ(live(SAMPLE_WHOLE), 0);
  EXPECT_EQ(booted_, 0);
  EXPECT_THAT(told(), ElementsAre("leaving, cut 0"));
}

TEST_F(LifeTest, TellsWhenItsHealthChangesWhileItServes) {
  settings.probe.interval = std::chrono::milliseconds(1);
  order(wire::Accept{});
  when(Phase::Accepting, [this] { sample_.probe_result = 2; });
  when_probed(3);
  when(Phase::Accepting, [this] {
    EXPECT_THAT(told(), ElementsAre("ready", "unwell: probe failed: no disk"));
    sample_.probe_result = HUPD_WELL;
  });
  when_probed(2);
  when(Phase::Accepting, wire::Quit{});
  EXPECT_EQ(live(), 0);
  EXPECT_THAT(told(), ElementsAre("well", "leaving, cut 0"));
}

TEST_F(LifeTest, TellsWhatItsApplicationReportsOnceItServes) {
  when(Phase::Standby, [this] {
    host_table().unwell(sample_.worker, {"no\nroom", 7});
    EXPECT_THAT(told(), ElementsAre("ready"));
    order(wire::Accept{});
  });
  when(Phase::Accepting, [this] {
    EXPECT_THAT(told(), ElementsAre("unwell: no room"));
    host_table().unwell(sample_.worker, {"no room", 7});
    host_table().well(sample_.worker);
    EXPECT_THAT(told(), ElementsAre("well"));
    order(wire::Quit{});
  });
  EXPECT_EQ(live(), 0);
}

TEST_F(LifeTest, ProbesOnlyOnceWithoutAnInterval) {
  settings.probe.interval = std::chrono::milliseconds(0);
  order(wire::Accept{});
  for (int turn = 0; turn < 20; ++turn) when(Phase::Accepting, [] {});
  when(Phase::Accepting, wire::Quit{});
  EXPECT_EQ(live(), 0);
  EXPECT_EQ(sample_.probes, 1);
}

TEST_F(LifeTest, IsProbedNoMoreWhenItDrains) {
  settings.probe.interval = std::chrono::milliseconds(1);
  order(wire::Accept{});
  when_probed(1);
  when(Phase::Accepting, [this] {
    sample_.probe_result = HUPD_LATER;
    sample_.probes = 0;
    wanted_ = 1;
  });
  when(Phase::Accepting, [this] { wait_for_probe(); });  // and it is not answered
  when(Phase::Accepting, wire::Drain{});
  when(Phase::Draining, [this] {
    host_table().probe_done(sample_.worker, sample_.probe_number, 0, {"too late", 8});
    EXPECT_THAT(told(), ElementsAre("ready", "released"));
    host_table().drained(sample_.worker);
  });
  EXPECT_EQ(live(), 0);
  EXPECT_EQ(sample_.probes, 1);
}

TEST_F(LifeTest, EndsWhenTheApplicationCannotListen) {
  sample_.listen_result = 3;
  order(wire::Accept{});
  EXPECT_EQ(live(), 1);
  EXPECT_THAT(told(), ElementsAre("ready", "leaving, cut 0"));
}

TEST_F(LifeTest, DrainsOnStandbyWithoutAskingAnybody) {
  when(Phase::Standby, wire::Drain{});
  EXPECT_EQ(live(), 0);
  EXPECT_EQ(sample_.drains, 0);
  EXPECT_THAT(told(), ElementsAre("ready", "leaving, cut 0"));
}

TEST_F(LifeTest, AcceptingDrainsUntilTheApplicationIsDone) {
  order(wire::Accept{});
  when(Phase::Accepting, wire::Drain{});
  when(Phase::Draining, [this] {
    EXPECT_EQ(sample_.drains, 1);
    EXPECT_THAT(told(), ElementsAre("ready", "released"));
    order(wire::Drain{});  // again
    order(wire::Accept{});
    host_table().drained(sample_.worker);
  });
  EXPECT_EQ(live(), 0);
  EXPECT_EQ(sample_.drains, 1);
  EXPECT_EQ(sample_.listens, 1);
  EXPECT_THAT(told(), ElementsAre("leaving, cut 0"));
}

TEST_F(LifeTest, DrainsByItselfWhenItsMasterIsGone) {
  order(wire::Accept{});
  when(Phase::Accepting, [this] { master_.close(); });
  when(Phase::Draining, [this] {
    EXPECT_EQ(sample_.drains, 1);
    host_table().drained(sample_.worker);
  });
  EXPECT_EQ(live(), 0);
}

TEST_F(LifeTest, AsksTheMasterForTheOrderAfterASignalAndDoesNotWaitForEver) {
  settings.kill_timeout = std::chrono::milliseconds(20);
  for (const int signal : {SIGTERM, SIGQUIT}) {
    if (signal == SIGQUIT) reborn();
    order(wire::Accept{});
    when(Phase::Accepting, [signal] { ::kill(::getpid(), signal); });
    when(Phase::Draining, [this] { host_table().drained(sample_.worker); });
    EXPECT_EQ(live(), 0);
    EXPECT_THAT(told(), ElementsAre("ready", "asks to go", "released", "leaving, cut 0"));
  }
}

TEST_F(LifeTest, TellsTheMasterOnceThatItIsWorn) {
  settings.recycle.requests = 10;
  settings.recycle.jitter_percent = 0;
  order(wire::Accept{});
  when(Phase::Accepting, [this] { host_table().count_requests(sample_.worker, 9); });
  when(Phase::Accepting, [this] {
    EXPECT_THAT(told(), ElementsAre("ready"));
    host_table().count_requests(sample_.worker, 1);
  });
  when(Phase::Accepting, [this] { host_table().count_requests(sample_.worker, 1); });
  when(Phase::Accepting, wire::Quit{});
  EXPECT_EQ(live(), 0);
  EXPECT_THAT(told(), ElementsAre("worn: 10 requests served (recycle.requests)", "leaving, cut 0"));
}

TEST_F(LifeTest, CutsWhatIsOpenWhenItIsToldToQuit) {
  order(wire::Accept{});
  when(Phase::Accepting, [this] {
    host_table().count_connections(sample_.worker, 2);
    order(wire::Quit{});
  });
  EXPECT_EQ(live(), 0);
  EXPECT_THAT(told(), ElementsAre("ready", "leaving, cut 2"));
}

TEST_F(LifeTest, CutsWhatIsOpenPastADeadlineOfItsOwn) {
  settings.drain_timeout = std::chrono::milliseconds(20);
  settings.kill_timeout = std::chrono::milliseconds(20);
  order(wire::Accept{});
  when(Phase::Accepting, [this] {
    host_table().count_connections(sample_.worker, 2);
    master_.close();  // nobody else keeps the deadline
  });
  when(Phase::Draining, [this] { began_ = os::monotonic_now(); });
  EXPECT_EQ(live(), 0);
  EXPECT_GE((os::monotonic_now() - began_).count() + 5, 40) << "both timeouts, and a turn's slack";
}

TEST_F(LifeTest, TakesWhatWasLeftBeforeItIsReady) {
  auto& heir = new_sample(SAMPLE_HEIR);
  const auto content = os::sealed_memory_with("test", "content");
  when(Phase::Empty, [&] {
    EXPECT_THAT(told(), ElementsAre("awaits"));
    host_table().ready(heir.worker);  // once is enough
    order(wire::Inherit{6, 1, 1, true}, {content->get()});
    order(wire::InheritEnd{});
    order(wire::Quit{});
  });
  EXPECT_EQ(live(SAMPLE_HEIR), 0);
  EXPECT_EQ(heir.takes, 1);
  EXPECT_EQ(booted_, 1);
  EXPECT_THAT(told(), ElementsAre("took", "ready", "leaving, cut 0"));
}

TEST_F(LifeTest, FailsWithTheReasonOfAnHeirThatRefuses) {
  auto& heir = new_sample(SAMPLE_HEIR);
  heir.take_result = 2;
  const auto content = os::sealed_memory_with("test", "content");
  order(wire::Inherit{6, 1, 1, true}, {content->get()});
  EXPECT_EQ(live(SAMPLE_HEIR), 1);
  EXPECT_THAT(told(),
              ElementsAre("awaits",
                          "failed: take_state failed with 2: no room (what worker 1 of generation "
                          "6 left, version 1)",
                          "leaving, cut 0"));
  EXPECT_EQ(board.page(1).inheriting, 1U);
}

TEST_F(LifeTest, TakesAndLeavesWhileItServesAndWhenItRetires) {
  sample_.leave_result[HUPD_RETIRING] = HUPD_LEFT_MORE;
  sample_.take_result = 2;
  const auto content = os::sealed_memory_with("test", "content");
  order(wire::Accept{});
  order(wire::Inherit{6, 1, 1, true}, {content->get()});
  order(wire::Bequeath{8});
  order(wire::Drain{.hand_over = true, .successors = 9});
  when(Phase::Draining, [this] {
    EXPECT_THAT(told(), ElementsAre("ready", "took", "left", "left", "released"));
    EXPECT_EQ(board.page(1).inheriting, 0U) << "a refusal on arrival is no failure";
    host_table().drained(sample_.worker);
    EXPECT_EQ(sample_.leaves[HUPD_RETIRED], 0) << "not from within a host function";
  });
  EXPECT_EQ(live(), 0);
  EXPECT_EQ(sample_.leaves[HUPD_RETIRED], 1);
  EXPECT_THAT(told(), ElementsAre("left", "leaving, cut 0"));
}

TEST_F(LifeTest, LeavesOnTheScoreboardWhatItsLastTurnHasCounted) {
  const auto readable = os::channel_pair();
  ASSERT_TRUE(os::send_packet(readable->second.get(), "x", {}, os::Wait::No));
  std::optional<loop::Readable> last_turn;
  order(wire::Accept{});
  order(wire::Drain{});
  when(Phase::Draining, [&] {
    last_turn.emplace(&loop, readable->first.get(), [&] {  // the loop does not wait again
      host_table().count_requests(sample_.worker, 9);
      last_turn.reset();
      host_table().drained(sample_.worker);
    });
  });
  EXPECT_EQ(live(), 0);
  EXPECT_EQ(board.page(1).requests.load(), 9U);
}

TEST_F(LifeTest, ShowsItsPulseOnTheScoreboard) {
  when(Phase::Standby, [this] {
    EXPECT_NE(board.page(1).heartbeat_ns.load(), 0U);
    host_table().count_connections(sample_.worker, 3);
    host_table().count_requests(sample_.worker, 9);
    when(Phase::Standby, [this] {
      EXPECT_EQ(board.page(1).connections.load(), 3U);
      EXPECT_EQ(board.page(1).accepted.load(), 3U);
      EXPECT_EQ(board.page(1).requests.load(), 9U);
      order(wire::Quit{});
    });
  });
  EXPECT_EQ(live(), 0);
}

}  // namespace
}  // namespace hupd::worker
