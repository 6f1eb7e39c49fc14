// The last descriptors are not for connections. In forked children, whose limit is small.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "ground.hpp"
#include "support/child.hpp"

namespace hupd::worker {
namespace {

constexpr std::uint64_t well_within_a_pause_ms = 60;  // of 100

// Room for `connections` before the reserve, which is a quarter of so low a limit.
void limit_to(rlim_t connections) {
  const auto next = static_cast<rlim_t>(os::duplicate(0)->get());
  const auto last = next + connections - 1;
  const rlimit limit{last * 4 / 3, last * 4 / 3};
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

TEST(Reserve, IsLeftToTheApplicationWhileConnectionsWait) {
  EXPECT_EQ(test::in_child([] {
              test::Faults faults;
              Ground ground;
              ground.connect(ground.listen("a"), 20);
              limit_to(3);
              ground.start();
              ground.turn_until([&] { return ground.taken.size() == 3; });
              const auto paused_at = uv_now(&ground.loop);
              while (uv_now(&ground.loop) < paused_at + well_within_a_pause_ms) {
                ground.turn();
                const bool paused = uv_now(&ground.loop) < paused_at + 100;
                faults.expect(!paused || ground.taken.size() == 3,
                              "no more than the room is taken");
              }
              faults.expect(os::duplicate(0).has_value(), "the application can open files");
              return faults.first();
            }),
            "");
}

TEST(Reserve, ServesWhoWaitedWhenThereIsRoomAgain) {
  EXPECT_EQ(test::in_child([] {
              Ground ground;
              ground.connect(ground.listen("a"), 10);
              ground.turn();
              limit_to(3);
              ground.start();
              const bool all = ground.turn_until([&] {
                if (ground.taken.size() >= 3) ground.taken.clear();
                return ground.counters.accepted == 10;
              });
              return std::string(all ? "" : "some wait for ever");
            }),
            "");
}

TEST(Reserve, IsNotGivenToFreshConnectionsWhileLivingOnesWait) {
  EXPECT_EQ(test::in_child([] {
              Ground ground;
              ground.connect(ground.listen("a"), 20);
              os::Fd queue = std::move(*os::duplicate(ground.masters[0].get()));
              int living = 0;
              const auto take_living = [&] {
                auto fd = os::duplicate(0);
                if (!fd || living == 5) return Taken{};
                ++living;
                const int number = fd->get();
                ground.taken.push_back(std::move(*fd));
                return Taken{Taken::Status::Some, number};
              };
              ground.turn();
              limit_to(1);
              ground.start();
              ground.acceptor->start(Source{queue.get(), take_living});
              ground.turn_until([&] {
                if (!ground.taken.empty()) ground.taken.clear();  // one leaves, one may come
                return living == 5;
              });
              return living == 5 && ground.counters.accepted < 5
                         ? std::string()
                         : std::to_string(ground.counters.accepted) + " fresh ones came before " +
                               std::to_string(living) + " that live";
            }),
            "");
}

}  // namespace
}  // namespace hupd::worker
