#include "connection/deadlines.hpp"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace {

using hupd::connection::Deadline;
using hupd::connection::Deadlines;
using std::chrono::milliseconds;

struct Waiter {
  Waiter(std::string& all, char called) : log(all), name(called) {}
  std::string& log;
  char name;
  Deadline deadline{[](void* self) {
                      auto& waiter = *static_cast<Waiter*>(self);
                      waiter.log += waiter.name;
                    },
                    this};
};

class DeadlinesTest : public ::testing::Test {
 protected:
  DeadlinesTest() {
    uv_loop_init(&loop);
    uv_idle_init(&loop, &alive);  // deadlines alone do not keep a loop turning
    uv_idle_start(&alive, [](uv_idle_t*) {});
    deadlines = std::make_unique<Deadlines>(&loop);
  }
  ~DeadlinesTest() override {
    deadlines.reset();
    uv_close(reinterpret_cast<uv_handle_t*>(&alive), nullptr);
    uv_run(&loop, UV_RUN_DEFAULT);
    EXPECT_EQ(uv_loop_close(&loop), 0);
  }
  void run_for(std::uint64_t ms) {
    const std::uint64_t end = uv_now(&loop) + ms;
    while (uv_now(&loop) < end) uv_run(&loop, UV_RUN_NOWAIT);
    // The time may have come at the end of a turn: what is due then comes with the next ones.
    for (int turn = 0; turn < 4; ++turn) uv_run(&loop, UV_RUN_NOWAIT);
  }
  uv_loop_t loop;
  uv_idle_t alive;
  std::unique_ptr<Deadlines> deadlines;
  std::string log;
  Waiter a{log, 'a'}, b{log, 'b'}, c{log, 'c'};
};

TEST_F(DeadlinesTest, expire_in_the_order_in_which_they_fall_due) {
  deadlines->limit(milliseconds(30)).set(a.deadline);
  deadlines->limit(milliseconds(10)).set(b.deadline);
  deadlines->limit(milliseconds(20)).set(c.deadline);
  run_for(60);
  EXPECT_EQ(log, "bca");
}

TEST_F(DeadlinesTest, setting_again_moves_and_cancelling_removes) {
  deadlines->limit(milliseconds(10)).set(a.deadline);
  deadlines->limit(milliseconds(10)).set(b.deadline);
  deadlines->limit(milliseconds(10)).set(c.deadline);
  deadlines->limit(milliseconds(10)).set(a.deadline);
  b.deadline.cancel();
  run_for(30);
  EXPECT_EQ(log, "ca");
}

TEST_F(DeadlinesTest, a_limit_of_zero_never_falls_due) {
  deadlines->limit(milliseconds(5)).set(a.deadline);
  deadlines->limit(milliseconds(0)).set(a.deadline);
  run_for(15);
  EXPECT_EQ(log, "");
}

TEST_F(DeadlinesTest, one_that_is_destroyed_while_waiting_is_forgotten) {
  {
    Waiter gone(log, 'x');
    deadlines->limit(milliseconds(5)).set(gone.deadline);
  }
  run_for(15);
  EXPECT_EQ(log, "");
}

TEST_F(DeadlinesTest, free_durations_share_few_limits) {
  EXPECT_EQ(&deadlines->rounded_limit(milliseconds(10'001)),
            &deadlines->rounded_limit(milliseconds(10'002)));
  EXPECT_EQ(&deadlines->rounded_limit(milliseconds(0)), &deadlines->limit(milliseconds(0)));
  EXPECT_EQ(&deadlines->rounded_limit(milliseconds(7)), &deadlines->limit(milliseconds(7)));
}

}  // namespace
