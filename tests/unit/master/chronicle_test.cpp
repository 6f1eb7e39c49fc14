#include "master/chronicle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hupd::master {
namespace {

using control::Outcome;
using control::Step;
using testing::ElementsAre;

class ChronicleTest : public testing::Test {
 protected:
  ChronicleTest() {
    chronicle_.set_reader([this](const control::Event& event) { told_.push_back(event); });
  }

  static Generation made(core::GenerationId id) {
    Generation generation;
    generation.id = id;
    generation.app.name = "web";
    generation.app.workers = 2;
    generation.app.library = "/srv/libweb.so";
    generation.hash = "abc";
    generation.version = "1.2";
    return generation;
  }
  std::vector<Step> steps() const {
    std::vector<Step> steps;
    for (const auto& event : told_) steps.push_back(event.step);
    return steps;
  }

  Chronicle chronicle_;
  std::vector<control::Event> told_;
};

TEST_F(ChronicleTest, KnowsAReloadByItsAppAndGeneration) {
  chronicle_.started("web", 1, true);
  chronicle_.done(made(1));
  chronicle_.started("web", 2, false);
  chronicle_.rejected("web", 2, "no database", {"cannot connect"});
  ASSERT_NE(chronicle_.find("web", 1), nullptr);
  EXPECT_EQ(chronicle_.find("web", 1)->outcome, Outcome::Done);
  EXPECT_EQ(chronicle_.find("web", 1)->version, "1.2");
  EXPECT_TRUE(chronicle_.find("web", 1)->is_start);
  EXPECT_EQ(chronicle_.find("web", 2)->outcome, Outcome::Rejected);
  EXPECT_EQ(chronicle_.find("web", 2)->reason, "no database");
  EXPECT_THAT(chronicle_.find("web", 2)->output, ElementsAre("cannot connect"));
  EXPECT_EQ(chronicle_.find("web", 3), nullptr);
  EXPECT_EQ(chronicle_.find("api", 1), nullptr);
}

TEST_F(ChronicleTest, IsRunningUntilItsResultIsTold) {
  chronicle_.started("web", 1, true);
  chronicle_.copied(made(1));
  chronicle_.loaded(made(1));
  const auto* reload = chronicle_.find("web", 1);
  EXPECT_EQ(reload->outcome, Outcome::Running);
  EXPECT_TRUE(reload->copied_ms && reload->loaded_ms);
  EXPECT_FALSE(reload->ended_ms);
  EXPECT_THAT(steps(), ElementsAre(Step::Started, Step::Copied, Step::Loaded));
  EXPECT_EQ(told_[1].hash, "abc");
}

TEST_F(ChronicleTest, DrainedIsOverWithTheLastOne) {
  chronicle_.started("web", 1, false);
  chronicle_.drained("web", 1, 1, 2);
  EXPECT_FALSE(chronicle_.find("web", 1)->drained_ms);
  chronicle_.drained("web", 1, 2, 2);
  EXPECT_TRUE(chronicle_.find("web", 1)->drained_ms);
}

TEST_F(ChronicleTest, WhatIsRefusedForAllIsTheLastOfEachApp) {
  chronicle_.started("web", 1, true);
  chronicle_.done(made(1));
  chronicle_.refused({}, "configuration: a fault");
  EXPECT_EQ(chronicle_.last("web")->outcome, Outcome::Refused);
  chronicle_.refused({"web"}, "another");
  EXPECT_EQ(chronicle_.last("web")->reason, "another");
  EXPECT_EQ(chronicle_.last("api")->reason, "configuration: a fault");
}

TEST_F(ChronicleTest, KnowsTheLastThatEndedAndHowManyWereRefused) {
  EXPECT_EQ(chronicle_.last_ended("web"), nullptr);
  chronicle_.started("web", 1, true);
  EXPECT_EQ(chronicle_.last_ended("web"), nullptr);
  chronicle_.done(made(1));
  chronicle_.started("web", 2, false);
  EXPECT_EQ(chronicle_.last_ended("web")->generation, 1U);
  EXPECT_EQ(chronicle_.refused(), 0U);
  chronicle_.refused({}, "configuration: a fault");
  chronicle_.refused({"web", "api"}, "another");
  EXPECT_EQ(chronicle_.last_ended("web")->reason, "another");
  EXPECT_EQ(chronicle_.refused(), 2U) << "each once, whatever apps it was for";
}

TEST_F(ChronicleTest, KnowsSinceWhenACanaryServedAndTheAppWasGone) {
  chronicle_.started("web", 1, true);
  chronicle_.canary_serves("web", {1, 1, core::hold_for_ever}, "");
  EXPECT_TRUE(chronicle_.find("web", 1)->canary_ms);
  chronicle_.done(made(1));
  chronicle_.started("web", 2, false);
  chronicle_.rejected("web", 2, "no database", {});
  EXPECT_FALSE(chronicle_.find("web", 1)->gone_ms);
  chronicle_.gone("web");
  EXPECT_TRUE(chronicle_.find("web", 1)->gone_ms) << "the last version that served";
  EXPECT_FALSE(chronicle_.find("web", 2)->gone_ms);
}

TEST_F(ChronicleTest, KeepsTheLastFiftyOfEachApp) {
  chronicle_.started("api", 1, true);
  for (core::GenerationId id = 1; id <= 60; ++id) {
    chronicle_.started("web", id, false);
    chronicle_.rejected("web", id, "no database", {});
  }
  EXPECT_EQ(chronicle_.reloads().size(), 51U);
  EXPECT_NE(chronicle_.find("api", 1), nullptr);
  EXPECT_EQ(chronicle_.find("web", 10), nullptr);
  EXPECT_NE(chronicle_.find("web", 11), nullptr);
}

TEST_F(ChronicleTest, KeepsWhatSomebodyMayWaitForAndWhatServes) {
  chronicle_.started("web", 1, true);
  chronicle_.done(made(1));
  chronicle_.drained("web", 1, 1, 1);
  chronicle_.started("web", 2, false);
  for (core::GenerationId id = 3; id <= 60; ++id) {
    chronicle_.started("web", id, false);
    chronicle_.rejected("web", id, "no database", {});
  }
  EXPECT_EQ(chronicle_.reloads().size(), 50U);
  EXPECT_NE(chronicle_.find("web", 1), nullptr) << "it serves";
  EXPECT_NE(chronicle_.find("web", 2), nullptr) << "it has not ended";
}

TEST_F(ChronicleTest, IsBoundedWhateverTheAppsAreCalled) {
  for (int i = 0; i < 3000; ++i) chronicle_.started("app" + std::to_string(i), 1, true);
  EXPECT_EQ(chronicle_.reloads().size(), 1000U);
}

TEST_F(ChronicleTest, TakesWordsOfAReloadThatIsForgotten) {
  chronicle_.switched("web", 7);
  chronicle_.drained("web", 7, 1, 1);
  chronicle_.copied(made(7));
  EXPECT_TRUE(chronicle_.reloads().empty());
}

}  // namespace
}  // namespace hupd::master
