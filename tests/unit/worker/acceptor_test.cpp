#include "worker/acceptor.hpp"

#include <gtest/gtest.h>

#include "ground.hpp"
#include "os/accept.hpp"

namespace hupd::worker {
namespace {

class AcceptorTest : public testing::Test, public Ground {
 protected:
  // This worker on page 1 and a sibling on page 2, both accepting.
  void two_workers(std::uint32_t own, std::uint32_t siblings) {
    board.header().end = 3;
    for (const std::uint32_t page : {1U, 2U}) {
      board.page(page).phase = wire::Phase::Accepting;
      board.page(page).heartbeat_ns = os::monotonic_ns();
    }
    board.page(1).connections = own;
    board.page(2).connections = siblings;
    counters.accepted = own;
  }
};

TEST_F(AcceptorTest, TakesOneConnectionAWakeUp) {
  connect(listen("a"), 3);
  start();
  for (std::size_t turns = 1; turns <= 3; ++turns) {
    turn();
    EXPECT_EQ(taken.size(), turns);
  }
  turn();
  EXPECT_EQ(taken.size(), 3U);
}

TEST_F(AcceptorTest, ServesEveryListener) {
  connect(listen("a"), 1);
  connect(listen("b"), 1);
  start();
  turn();
  EXPECT_EQ(taken.size(), 2U);
}

TEST_F(AcceptorTest, LeavesTheQueueToOthersWhenItStops) {
  const int listener = listen("a");
  connect(listener, 3);
  start();
  turn();
  acceptor->stop_listening({});
  EXPECT_TRUE(acceptor->listeners().empty());
  for (int i = 0; i < 5; ++i) turn();
  EXPECT_EQ(taken.size(), 1U);
  EXPECT_EQ(os::accept_one(listener).status, os::AcceptStatus::Accepted);
}

TEST_F(AcceptorTest, EmptiesTheQueueOfARemovedListenerAndNoOther) {
  const int kept = listen("kept");
  const int removed = listen("removed");
  start();
  connect(kept, 2);
  connect(removed, 5);
  acceptor->stop_listening({"removed"});
  EXPECT_EQ(taken.size(), 5U);
  EXPECT_EQ(os::accept_one(removed).status, os::AcceptStatus::Nothing);
  EXPECT_EQ(os::accept_one(kept).status, os::AcceptStatus::Accepted);
}

TEST_F(AcceptorTest, ClosesItsCopiesOfTheListeners) {
  const int listener = listen("a");
  start();
  const int copy = acceptor->listeners()[0].fd.get();
  acceptor->stop_listening({});
  EXPECT_EQ(os::accept_one(copy).status, os::AcceptStatus::Broken);
  EXPECT_EQ(os::accept_one(listener).status, os::AcceptStatus::Nothing);
}

TEST_F(AcceptorTest, TakesItsShareAtOnce) {
  two_workers(10, 10);
  connect(listen("a"), 1);
  start();
  turn();
  EXPECT_EQ(taken.size(), 1U);
}

TEST_F(AcceptorTest, AboveItsShareLeavesAConnectionToASibling) {
  two_workers(100, 0);
  const int listener = listen("a");
  connect(listener, 1);
  start();
  turn();
  EXPECT_TRUE(taken.empty());
  EXPECT_EQ(os::accept_one(listener).status, os::AcceptStatus::Accepted) << "the sibling's";
}

TEST_F(AcceptorTest, TakesWhatNobodyElseWants) {
  two_workers(100, 0);
  connect(listen("a"), 40);
  start();
  const auto all_taken = [this] {
    board.page(2).heartbeat_ns = os::monotonic_ns();
    return taken.size() == 40;
  };
  EXPECT_TRUE(turn_until(all_taken)) << taken.size();
}

TEST_F(AcceptorTest, AboveTheShareOfAStuckSiblingTakesAtOnce) {
  two_workers(100, 0);
  board.page(2).heartbeat_ns = 0;
  connect(listen("a"), 1);
  start();
  turn();
  EXPECT_EQ(taken.size(), 1U);
}

}  // namespace
}  // namespace hupd::worker
