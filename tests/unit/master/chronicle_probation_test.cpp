#include <gtest/gtest.h>

#include "master/chronicle.hpp"

namespace hupd::master {
namespace {

using control::Outcome;

// Generation 2 is on probation, and 1 is what there is to go back to.
class ChronicleProbationTest : public testing::Test {
 protected:
  ChronicleProbationTest() {
    chronicle_.started("web", 2, false);
    chronicle_.done(made(2, 0));
    chronicle_.probation_began("web", 2, "on probation");
  }
  static Generation made(core::GenerationId id, core::GenerationId source) {
    Generation generation;
    generation.id = id;
    generation.source = source;
    generation.app.name = "web";
    return generation;
  }
  const control::Reload& tried() const { return *chronicle_.find("web", 2); }

  Chronicle chronicle_;
};

TEST_F(ChronicleProbationTest, IsRolledBackWhenTheWayBackIsDone) {
  chronicle_.probation_failed("web", 2, "it crashed");
  EXPECT_TRUE(tried().probation) << "until that is known";
  chronicle_.started("web", 3, false, 1);
  chronicle_.done(made(3, 1));
  EXPECT_EQ(tried().outcome, Outcome::RolledBack);
  EXPECT_EQ(tried().reason, "it crashed; the version from before serves again, as generation 3");
}

TEST_F(ChronicleProbationTest, HasFailedAndServesOnWhenTheWayBackIsClosed) {
  chronicle_.probation_failed("web", 2, "it crashed");
  chronicle_.started("web", 3, false, 1);
  chronicle_.rejected("web", 3, "no file", {});
  EXPECT_TRUE(tried().probation) << "another try may follow";
  chronicle_.way_back_closed("web", 3);
  EXPECT_EQ(tried().outcome, Outcome::Failed);
  EXPECT_FALSE(tried().probation);
}

TEST_F(ChronicleProbationTest, IsNotOverWhenAnotherWayBackFollows) {
  chronicle_.started("web", 3, false, 1);
  chronicle_.probation_failed("web", 2, "it crashed");
  chronicle_.rejected("web", 3, "its zygote is stuck", {});
  EXPECT_TRUE(tried().probation);
  chronicle_.started("web", 4, false, 1);
  chronicle_.done(made(4, 1));
  EXPECT_EQ(tried().outcome, Outcome::RolledBack);
}

}  // namespace
}  // namespace hupd::master
