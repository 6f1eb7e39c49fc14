#include "worker/health.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hupd::worker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct HealthTest : testing::Test {
  std::vector<std::string> told;
  Health health{[this](const wire::Message& message) {
    const auto* unwell = std::get_if<wire::Unwell>(&message);
    told.push_back(unwell != nullptr ? unwell->reason : "well");
  }};
};

TEST_F(HealthTest, IsToldWhenItChangesAndNotBeforeItServes) {
  health.probed("no disk");
  EXPECT_THAT(told, IsEmpty());
  health.serves();
  health.probed("no database");
  EXPECT_THAT(told, ElementsAre("no disk"));
  health.probed(std::nullopt);
  health.probed(std::nullopt);
  health.probed("no database");
  EXPECT_THAT(told, ElementsAre("no disk", "well", "no database"));
}

TEST_F(HealthTest, IsWellByTheProbesAndByTheApplicationsWord) {
  health.serves();
  health.reported("no room");
  health.probed("no disk");
  health.reported(std::nullopt);
  EXPECT_THAT(told, ElementsAre("no room"));
  health.reported("no room");
  health.probed(std::nullopt);
  EXPECT_THAT(told, ElementsAre("no room"));
  health.reported(std::nullopt);
  EXPECT_THAT(told, ElementsAre("no room", "well"));
}

TEST_F(HealthTest, SaysAgainThatItIsUnwellToAnotherMaster) {
  health.repeat();
  health.probed("no disk");
  health.repeat();
  EXPECT_THAT(told, IsEmpty()) << "it does not serve yet";
  health.serves();
  health.repeat();
  EXPECT_THAT(told, ElementsAre("no disk", "no disk"));
  health.probed(std::nullopt);
  health.repeat();
  EXPECT_THAT(told, ElementsAre("no disk", "no disk", "well"));
}

}  // namespace
}  // namespace hupd::worker
