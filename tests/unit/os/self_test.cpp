#include "os/self.hpp"

#include <array>
#include <latch>
#include <optional>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <poll.h>
#include <sched.h>
#include <unistd.h>

#include "os/clock.hpp"
#include "os/self_destruct.hpp"
#include "support/child.hpp"
#include "support/directory.hpp"

namespace hupd::os {
namespace {

using std::chrono::milliseconds;

// Arguments as the kernel lays them out: one behind the other.
struct Arguments {
  std::string memory = std::string("hupd-zygote\0web\0", 16) + std::string(24, ' ');
  std::array<char*, 3> pointers{memory.data(), memory.data() + 12, memory.data() + 16};

  void title(const std::string& text) { set_title(3, pointers.data(), text); }
  std::string shown() const { return memory.c_str(); }
};

// set_title remembers the room that the process's own arguments have: a process a test.
TEST(Title, ReplacesTheCommandLineAndTheThreadsName) {
  EXPECT_EQ(test::in_child([] {
              test::Faults faults;
              Arguments arguments;
              arguments.title("hupd: worker");
              faults.expect(arguments.shown() == "hupd: worker", "the title is shown");
              faults.expect(arguments.memory.find("web") == std::string::npos,
                            "nothing of the old command line is left");
              faults.expect(test::content("/proc/self/comm") == "hupd: worker\n", "comm");
              return faults.first();
            }),
            "");
}

TEST(Title, IsCutToTheRoomThatThereIs) {
  EXPECT_EQ(test::in_child([] {
              Arguments arguments;
              arguments.title(std::string(100, 'x'));
              return arguments.shown();
            }),
            std::string(40, 'x'));
}

TEST(Title, OfAWorkerHasAllTheRoomAfterAShorterOneOfItsZygote) {
  const std::string longer = "hupd: worker application/12345/128";
  EXPECT_EQ(test::in_child([&] {
              Arguments arguments;
              arguments.title("hupd: zygote web/1");
              arguments.title(longer);
              return arguments.shown();
            }),
            longer);
}

TEST(Threads, AreCounted) {
  const auto before = count_threads();
  ASSERT_TRUE(before);
  std::latch counted(1);
  std::thread another([&] { counted.wait(); });
  EXPECT_EQ(*count_threads(), *before + 1);
  counted.count_down();
  another.join();
}

TEST(Cpus, AreThoseThatTheProcessMayUse) {
  EXPECT_EQ(test::in_child([] {
              cpu_set_t all;
              ::sched_getaffinity(0, sizeof all, &all);
              std::size_t cpu = 0;
              while (!CPU_ISSET(cpu, &all)) ++cpu;
              cpu_set_t one;
              CPU_ZERO(&one);
              CPU_SET(cpu, &one);
              ::sched_setaffinity(0, sizeof one, &one);
              return std::to_string(usable_cpus());
            }),
            "1");
}

TEST(SelfDestruct, KillsAProcessThatHangsWhateverSignalsItIgnores) {
  EXPECT_EQ(test::in_child([] {
              sigset_t all;
              sigfillset(&all);
              ::sigprocmask(SIG_BLOCK, &all, nullptr);
              const SelfDestruct deadline(milliseconds(20));
              for (;;) ::pause();
              return std::string();
            }),
            "signal 9");
}

// Lives on until the deadline would have struck.
std::string outlive(milliseconds limit) {
  const auto end = monotonic_now() + limit + milliseconds(20);
  while (monotonic_now() < end) ::poll(nullptr, 0, 1);
  return "alive";
}

TEST(SelfDestruct, SparesAProcessThatDisarmsIt) {
  EXPECT_EQ(test::in_child([] {
              SelfDestruct deadline(milliseconds(500));
              deadline.disarm();
              return outlive(milliseconds(500));
            }),
            "alive");
}

TEST(SelfDestruct, SparesAProcessThatLeavesItsScope) {
  EXPECT_EQ(test::in_child([] {
              std::optional<SelfDestruct> deadline(milliseconds(500));
              deadline.reset();
              return outlive(milliseconds(500));
            }),
            "alive");
}

}  // namespace
}  // namespace hupd::os
