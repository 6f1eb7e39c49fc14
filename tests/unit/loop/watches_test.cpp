#include "loop/watches.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "os/clock.hpp"
#include "os/pipe.hpp"

namespace hupd::loop {
namespace {

using testing::ElementsAre;

// Descriptors that can always be read from: their other end is closed.
class WatchesTest : public testing::Test {
 protected:
  WatchesTest() { uv_loop_init(&loop_); }
  ~WatchesTest() override {
    watches_.reset();
    uv_run(&loop_, UV_RUN_NOWAIT);  // close callbacks
    uv_loop_close(&loop_);
  }
  void make() {
    watches_.emplace(
        &loop_, [this](const std::string& text) { said_.push_back(text); }, [this] { ++resumed_; });
  }
  std::size_t add(Callback on_readable) {
    readers_.push_back(std::move(os::output_pipe()->reader));
    return watches_->add(readers_.back().get(), std::move(on_readable));
  }
  void turn() { uv_run(&loop_, UV_RUN_NOWAIT); }
  void turn_until(const std::function<bool()>& held) {
    const auto end = os::monotonic_now() + std::chrono::seconds(20);
    while (!held() && os::monotonic_now() < end) turn();
    EXPECT_TRUE(held());
  }

  uv_loop_t loop_;
  std::vector<os::Fd> readers_;
  std::optional<Watches> watches_;
  std::vector<std::string> said_;
  int resumed_ = 0;
};

TEST_F(WatchesTest, AreLetAloneTogetherAndLookedAtAgain) {
  int first = 0, second = 0;
  make();
  add([&] { ++first, watches_->pause(50); });
  add([&] { ++second, watches_->pause(50); });
  turn_until([&] { return first + second > 0; });
  EXPECT_EQ(first + second, 1);
  turn();
  EXPECT_EQ(first + second, 1) << "nobody is called in a pause";
  turn_until([&] { return first + second > 1; });
  EXPECT_EQ(resumed_, 1);
}

TEST_F(WatchesTest, OneThatIsAddedInAPauseWaitsForItsEnd) {
  int calls = 0;
  make();
  watches_->pause(50);
  add([&] { ++calls; });
  turn();
  EXPECT_EQ(calls, 0);
  turn_until([&] { return calls > 0; });
  EXPECT_EQ(resumed_, 1);
}

TEST_F(WatchesTest, OneThatIsRemovedComesBackAfterNoPause) {
  int gone = 0, there = 0;
  make();
  const auto number = add([&] { ++gone; });
  add([&] { ++there; });
  watches_->remove(number);
  EXPECT_FALSE(watches_->has(number));
  watches_->pause(10);
  turn_until([&] { return there > 0; });
  EXPECT_EQ(gone, 0);
}

TEST_F(WatchesTest, AWantIsSaidOnceHoweverOftenItIsMet) {
  int calls = 0;
  make();
  add([&] { ++calls, watches_->pause_for_want("no more of " + std::to_string(calls)); });
  turn_until([&] { return calls == 3; });
  EXPECT_THAT(said_, ElementsAre("no more of 1"));
}

TEST_F(WatchesTest, NoPauseEndsWhenAllAreRemoved) {
  make();
  add([] {});
  watches_->pause(0);
  watches_->remove_all();
  for (int i = 0; i < 3; ++i) turn();
  EXPECT_EQ(resumed_, 0);
}

}  // namespace
}  // namespace hupd::loop
