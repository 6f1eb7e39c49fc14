#include "os/discard.hpp"

#include <chrono>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/channel.hpp"
#include "os/clock.hpp"
#include "support/lingering.hpp"

namespace hupd::os {
namespace {

// The lingering end waits for a minute.
constexpr std::chrono::seconds bound{20};

class DiscardTest : public testing::Test {
 protected:
  DiscardTest() {
    auto pair = channel_pair();
    near_ = std::move(pair->first);
    far_ = std::move(pair->second);
  }
  ~DiscardTest() override {
    while (::waitpid(-1, nullptr, 0) > 0) {
    }
  }
  template <typename Deed>
  void expect_no_wait(const Deed& deed) {
    const auto begun = monotonic_now();
    deed();
    EXPECT_LT(monotonic_now() - begun, bound);
  }
  static std::vector<Fd> one(Fd fd) {
    std::vector<Fd> fds;
    fds.push_back(std::move(fd));
    return fds;
  }

  test::Lingering lingering_;
  Fd near_;
  Fd far_;
};

TEST_F(DiscardTest, DoesNotWaitForASocketThatIsToLinger) {
  expect_no_wait([&] { discard(one(std::move(lingering_.socket))); });
}

TEST_F(DiscardTest, DoesNotWaitForOneThatIsInAChannelThatIsDiscarded) {
  ASSERT_TRUE(send_packet(near_.get(), "", {lingering_.socket.get()}, Wait::No));
  near_.reset();
  lingering_.socket.reset();
  expect_no_wait([&] { discard(one(std::move(far_))); });
}

TEST_F(DiscardTest, OfAChannelDoesNotWaitForWhatNobodyHasRead) {
  ASSERT_TRUE(send_packet(near_.get(), "", {}, Wait::No));
  ASSERT_TRUE(send_packet(near_.get(), "", {lingering_.socket.get()}, Wait::No));
  near_.reset();
  lingering_.socket.reset();
  expect_no_wait([&] { discard_channel(std::move(far_)); });
}

TEST_F(DiscardTest, OfAChannelIsAnEndToTheOtherSideWhichHasReadWhatCameBefore) {
  ASSERT_TRUE(send_packet(far_.get(), "last", {}, Wait::No));
  discard_channel(std::move(far_));
  EXPECT_EQ(std::get<Packet>(*receive_packet(near_.get(), Wait::No)).bytes, "last");
  EXPECT_TRUE(std::holds_alternative<EndOfFile>(*receive_packet(near_.get(), Wait::No)));
  EXPECT_EQ(::waitpid(-1, nullptr, 0), -1) << "which took no process";
}

TEST_F(DiscardTest, OfNothingIsNothing) {
  discard({});
  discard_channel(Fd());
  EXPECT_EQ(::waitpid(-1, nullptr, 0), -1);
}

}  // namespace
}  // namespace hupd::os
