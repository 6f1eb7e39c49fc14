#include "os/reap.hpp"

#include <csignal>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/child.hpp"

namespace hupd::os {
namespace {

// How the end of a child that does `deed` is described, behind whether it counts as clean.
std::string end_of(const std::function<void()>& deed) {
  return test::in_child([&] {
    const pid_t pid = ::fork();
    if (pid == 0) {
      const rlimit no_core{0, 0};
      ::setrlimit(RLIMIT_CORE, &no_core);
      deed();
      ::_exit(99);
    }
    siginfo_t info{};
    ::waitid(P_ALL, 0, &info, WEXITED | WNOWAIT);
    const auto reaped = reap_one();
    if (!reaped || reaped->pid != pid) return std::string("not reaped");
    return (reaped->clean ? "clean: " : "not clean: ") + reaped->described;
  });
}

std::string end_by_signal(int number) {
  return end_of([number] {
    ::signal(number, SIG_DFL);
    ::raise(number);
  });
}

TEST(Reap, TellsExitCodes) {
  EXPECT_EQ(end_of([] { ::_exit(0); }), "clean: exit code 0");
  EXPECT_EQ(end_of([] { ::_exit(3); }), "not clean: exit code 3");
}

TEST(Reap, TellsSignalsByNumberAndName) {
  EXPECT_EQ(end_by_signal(SIGSEGV), "not clean: signal 11 (SIGSEGV)");
  EXPECT_EQ(end_by_signal(SIGKILL), "not clean: signal 9 (SIGKILL)");
}

TEST(Reap, TellsASignalThatHasNoName) {
  EXPECT_EQ(end_by_signal(SIGRTMIN), "not clean: signal " + std::to_string(SIGRTMIN));
}

TEST(Reap, FindsNothingWithoutChildrenAndWithLivingOnes) {
  EXPECT_EQ(test::in_child([] {
              test::Faults faults;
              faults.expect(!reap_one(), "no children");
              const pid_t pid = ::fork();
              if (pid == 0) {
                for (;;) ::pause();
              }
              faults.expect(!reap_one(), "a living child");
              ::kill(pid, SIGKILL);
              return faults.first();
            }),
            "");
}

}  // namespace
}  // namespace hupd::os
