// Who may have what is kept, and until when.
#include "keeper/custody.hpp"

#include <gtest/gtest.h>

namespace hupd::keeper {
namespace {

using namespace std::chrono_literals;
using State = Custody::State;

struct CustodyTest : testing::Test {
  CustodyTest() { custody.led("web", 60s); }
  Custody custody;
};

TEST_F(CustodyTest, NobodyGetsAnythingWhileTheMasterLives) {
  EXPECT_EQ(custody.asked("web"), Word::Led);
  EXPECT_EQ(custody.asked("other"), Word::Led);
  EXPECT_FALSE(custody.take());
  custody.drop();
  EXPECT_EQ(custody.state(), State::Led);
  EXPECT_FALSE(custody.deadline());
}

TEST_F(CustodyTest, WhoServesTheSameGetsItAfterTheDeathAndNobodyElse) {
  custody.master_died(true, 5s);
  EXPECT_EQ(custody.asked("other"), Word::Others);
  EXPECT_EQ(custody.asked("web"), Word::Yours);
  EXPECT_TRUE(custody.take());
  EXPECT_FALSE(custody.take()) << "one of two";
  EXPECT_EQ(custody.asked("web"), Word::Taken);
  EXPECT_EQ(custody.asked("other"), Word::Led);
  EXPECT_FALSE(custody.deadline());
  custody.settled();
  EXPECT_EQ(custody.asked("web"), Word::Led);
}

TEST_F(CustodyTest, AMasterThatDiesWhileItTakesOverIsFollowedByAnother) {
  for (int i = 0; i < 3; ++i) {
    custody.master_died(true, 5s);
    EXPECT_EQ(custody.asked("web"), Word::Yours);
    EXPECT_TRUE(custody.take());
  }
}

TEST_F(CustodyTest, AnotherOneIsWaitedForAsLongAsTheMasterSaid) {
  custody.led("web", 10s);
  custody.master_died(true, 5s);
  EXPECT_EQ(custody.deadline(), 15s);
  custody.pass(14'999ms);
  EXPECT_EQ(custody.state(), State::Orphaned);
  custody.pass(15s);
  EXPECT_EQ(custody.state(), State::Over);
  EXPECT_FALSE(custody.take());
}

TEST_F(CustodyTest, NobodyIsWaitedForWhenThereIsNothingToGoOnWith) {
  custody.master_died(false, 5s);
  EXPECT_EQ(custody.state(), State::Over);
}

TEST_F(CustodyTest, NobodyIsWaitedForWhenTheMasterSaidSo) {
  custody.led("web", 0s);
  custody.master_died(true, 5s);
  EXPECT_EQ(custody.state(), State::Over);
}

TEST_F(CustodyTest, AChannelEndsBeforeItsMasterDoes) {
  custody.hung_up(5s);
  EXPECT_EQ(custody.asked("web"), Word::Led);
  custody.master_died(true, 6s);
  EXPECT_EQ(custody.deadline(), 66s);
  EXPECT_EQ(custody.asked("web"), Word::Yours);
}

TEST_F(CustodyTest, AMasterThatHangsUpAndLivesNeedsItNoMore) {
  custody.hung_up(5s);
  ASSERT_TRUE(custody.deadline());
  custody.pass(*custody.deadline());
  EXPECT_EQ(custody.state(), State::Over);
}

TEST_F(CustodyTest, WhoCannotGoOnWithItLetsItGo) {
  custody.master_died(true, 5s);
  custody.drop();
  EXPECT_EQ(custody.state(), State::Over);
}

TEST_F(CustodyTest, IsAskedToLeaveInVainAsLongAsThereIsAMaster) {
  custody.asked_to_leave();
  EXPECT_EQ(custody.state(), State::Led);
  custody.master_died(true, 5s);
  EXPECT_TRUE(custody.take());
  custody.asked_to_leave();
  EXPECT_EQ(custody.state(), State::Taking);
  custody.master_died(true, 5s);
  custody.asked_to_leave();
  EXPECT_EQ(custody.state(), State::Over);
}

TEST_F(CustodyTest, DeathIsToldOnce) {
  custody.master_died(true, 5s);
  custody.master_died(true, 50s);
  EXPECT_EQ(custody.deadline(), 65s);
  custody.hung_up(50s);
  EXPECT_EQ(custody.deadline(), 65s);
}

}  // namespace
}  // namespace hupd::keeper
