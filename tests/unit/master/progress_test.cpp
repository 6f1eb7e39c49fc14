#include "master/progress.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hupd::master {
namespace {

using core::WorkerState;
using testing::ElementsAre;
using testing::IsEmpty;

class ProgressTest : public testing::Test {
 protected:
  ProgressTest() {
    chronicle_.set_reader(
        [this](const control::Event& event) { told_.push_back(in_words(event)); });
  }

  // The steps that are told of `state_` as it is now.
  std::vector<std::string> look() {
    told_.clear();
    progress_.look(state_, processes_, "web", chronicle_);
    return told_;
  }
  // A younger generation: in the core's state, and at the edge.
  core::Generation& add(core::GenerationId id, core::GenerationId source = 0) {
    Generation made;
    made.id = id;
    made.app.name = "web";
    processes_.add(std::move(made));
    chronicle_.started("web", id, id == 1);
    auto& generation = state_.generations.emplace_back();
    generation.id = id;
    generation.source = source;
    generation.target = 2;
    return generation;
  }
  static void add_worker(core::Generation& generation, core::WorkerId id, WorkerState state) {
    core::Worker worker;
    worker.id = id;
    worker.state = state;
    if (state == WorkerState::Serving) worker.serving_since = core::Time(1);
    generation.workers.push_back(worker);
  }
  // Generation 1 serves with workers 1 and 2, generation 2 has switched.
  void switch_over() {
    auto& old = add(1);
    old.state = core::GenerationState::Serving;
    add_worker(old, 1, WorkerState::Serving);
    add_worker(old, 2, WorkerState::Serving);
    add_worker(old, 3, WorkerState::Booting);  // nobody waits for one that never served
    add(2).state = core::GenerationState::Serving;
    look();
  }
  static std::string in_words(const control::Event& event) {
    const std::string of = event.count ? " " + std::to_string(*event.count) + " of " +
                                             std::to_string(event.of.value_or(0))
                                       : "";
    const std::string who = std::to_string(event.generation) + ": ";
    if (event.step == control::Step::Copied) return who + "copied";
    if (event.step == control::Step::Loaded) return who + "loaded";
    if (event.step == control::Step::WorkerReady) return who + "ready" + of;
    return who + (event.step == control::Step::Drained ? "drained" + of : "another");
  }

  Vault vault_;
  Processes processes_{uv_default_loop(), vault_, "web", std::move(*Common::create()),
                       [](const core::Event&) {}};
  Chronicle chronicle_;
  core::AppState state_;
  Progress progress_;
  std::vector<std::string> told_;
};

TEST_F(ProgressTest, EachStepIsToldOnceWhenItIsThere) {
  EXPECT_THAT(look(), IsEmpty());
  auto& fresh = add(1);
  EXPECT_THAT(look(), IsEmpty());
  processes_.find(1)->hash = "abc";
  EXPECT_THAT(look(), ElementsAre("1: copied"));
  EXPECT_THAT(look(), IsEmpty());
  fresh.zygote.state = core::ZygoteState::Ready;
  EXPECT_THAT(look(), ElementsAre("1: loaded"));
  add_worker(fresh, 1, WorkerState::Booting);
  EXPECT_THAT(look(), IsEmpty());
  fresh.workers[0].state = WorkerState::Standby;
  EXPECT_THAT(look(), ElementsAre("1: ready 1 of 2"));
  add_worker(fresh, 2, WorkerState::Standby);
  EXPECT_THAT(look(), ElementsAre("1: ready 2 of 2"));
  EXPECT_THAT(look(), IsEmpty());
}

TEST_F(ProgressTest, WhatHappensAtOnceIsToldInItsOrder) {
  auto& fresh = add(1);
  processes_.find(1)->hash = "abc";
  fresh.zygote.state = core::ZygoteState::Ready;
  add_worker(fresh, 1, WorkerState::Serving);
  EXPECT_THAT(look(), ElementsAre("1: copied", "1: loaded", "1: ready 1 of 2"));
}

TEST_F(ProgressTest, WorkersThatAreReplacedLaterAreNoProgress) {
  auto& fresh = add(1);
  fresh.state = core::GenerationState::Serving;
  add_worker(fresh, 1, WorkerState::Serving);
  add_worker(fresh, 2, WorkerState::Serving);
  EXPECT_THAT(look(), ElementsAre("1: ready 2 of 2"));
  add_worker(fresh, 3, WorkerState::Standby);
  EXPECT_THAT(look(), IsEmpty());
}

TEST_F(ProgressTest, StepsAreNotToldAgainWhenTheNextOneHasComeToNothing) {
  auto& fresh = add(1);
  processes_.find(1)->hash = "abc";
  fresh.zygote.state = core::ZygoteState::Ready;
  add_worker(fresh, 1, WorkerState::Serving);
  look();
  add(2);
  look();
  state_.generations.pop_back();
  EXPECT_THAT(look(), IsEmpty());
  add(3);
  processes_.find(3)->hash = "def";
  EXPECT_THAT(look(), ElementsAre("3: copied"));
}

TEST_F(ProgressTest, OneThatGoesBackWasCopiedAndLoadedLongSince) {
  auto& back = add(3, 1);
  processes_.find(3)->hash = "abc";
  back.zygote.state = core::ZygoteState::Ready;
  add_worker(back, 1, WorkerState::Standby);
  EXPECT_THAT(look(), ElementsAre("3: ready 1 of 2"));
}

TEST_F(ProgressTest, TheOldWorkersThatServedAreWaitedForOneByOne) {
  switch_over();
  EXPECT_EQ(progress_.switched(state_, 2, 1), 2U);
  EXPECT_THAT(look(), IsEmpty());
  auto& old = state_.generations[0];
  old.workers.erase(old.workers.begin());
  EXPECT_THAT(look(), ElementsAre("2: drained 1 of 2"));
  EXPECT_FALSE(chronicle_.find("web", 2)->drained_ms);
  state_.generations.erase(state_.generations.begin());
  EXPECT_THAT(look(), ElementsAre("2: drained 2 of 2"));
  EXPECT_TRUE(chronicle_.find("web", 2)->drained_ms);
  EXPECT_THAT(look(), IsEmpty());
}

TEST_F(ProgressTest, OneThatTheKernelDoesNotLetDieIsNotWaitedFor) {
  switch_over();
  progress_.switched(state_, 2, 1);
  for (auto& worker : state_.generations[0].workers) worker.state = WorkerState::Stuck;
  EXPECT_THAT(look(), ElementsAre("2: drained 2 of 2"));
}

TEST_F(ProgressTest, AGenerationThatIsRejectedAfterItsSwitchReplacesNobody) {
  switch_over();
  progress_.switched(state_, 2, 1);
  progress_.rejected(2);
  state_.generations.erase(state_.generations.begin());
  EXPECT_THAT(look(), IsEmpty());
}

TEST_F(ProgressTest, WhereNobodyServedBeforeNobodyIsWaitedFor) {
  add(1);
  EXPECT_EQ(progress_.switched(state_, 1, 0), 0U);
  EXPECT_THAT(look(), IsEmpty());
}

}  // namespace
}  // namespace hupd::master
