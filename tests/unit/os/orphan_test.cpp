// In forked children, which are subreapers: who is orphaned in them is left to them.
#include "os/orphan.hpp"

#include <array>
#include <thread>

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/clock.hpp"
#include "os/fork.hpp"
#include "os/reap.hpp"
#include "support/child.hpp"

namespace hupd::os {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds limit{30};
constexpr milliseconds much_longer{400};

[[noreturn]] void hang() {
  for (;;) ::pause();
}

void rest(milliseconds time) {
  const auto end = monotonic_now() + time;
  while (monotonic_now() < end) ::poll(nullptr, 0, 1);
}

// Forks a parent and a child of it that does `deed`; kills the parent once the child has said that
// it is prepared. Returns how the child ended.
std::string end_of_orphan(const std::function<void(Pid parent)>& prepare,
                          const std::function<void()>& deed) {
  return test::in_child([&] {
    static_cast<void>(become_subreaper());
    std::array<int, 2> prepared{};
    if (::pipe(prepared.data()) != 0) return std::string("no pipe");
    const Pid parent = ::fork();
    if (parent == 0) {
      const Pid own = own_pid();
      if (::fork() == 0) {
        prepare(own);
        static_cast<void>(::write(prepared[1], "x", 1) == 1);
        deed();
        ::_exit(0);
      }
      hang();
    }
    char ready = 0;
    static_cast<void>(::read(prepared[0], &ready, 1) == 1);
    ::kill(parent, SIGKILL);
    ::waitpid(parent, nullptr, 0);
    siginfo_t info{};
    ::waitid(P_ALL, 0, &info, WEXITED | WNOWAIT);
    return reap_one()->described;
  });
}

void prepare(Pid parent) { static_cast<void>(end_when_orphaned({parent, parent}, limit)); }

TEST(AnOrphan, ThatHangsIsKilled) { EXPECT_EQ(end_of_orphan(prepare, hang), "signal 9 (SIGKILL)"); }

TEST(AnOrphan, ThatEndsInTimeIsLeftAlone) {
  EXPECT_EQ(end_of_orphan(
                [](Pid p) {
                  static_cast<void>(end_when_orphaned({p, p}, much_longer));
                },
                [] { ::_exit(3); }),
            "exit code 3");
}

TEST(AnOrphan, IsReachedThoughTheApplicationHasBlockedAllSignals) {
  EXPECT_EQ(end_of_orphan(
                [](Pid parent) {
                  sigset_t all;
                  sigfillset(&all);
                  ::sigprocmask(SIG_BLOCK, &all, nullptr);
                  prepare(parent);
                },
                hang),
            "signal 9 (SIGKILL)");
}

TEST(AnOrphan, IsReachedThroughAnyThreadThatLetsTheSignalThrough) {
  EXPECT_EQ(end_of_orphan(
                [](Pid parent) {
                  prepare(parent);
                  std::thread(hang).detach();
                  sigset_t all;
                  sigfillset(&all);
                  ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
                },
                hang),
            "signal 9 (SIGKILL)");
}

TEST(AnOrphan, WhoseParentsWereDeadBeforeItAskedIsKilledAsWell) {
  EXPECT_EQ(test::in_child([] {
              const Pid gone = ::fork();
              if (gone == 0) ::_exit(0);
              ::waitpid(gone, nullptr, 0);
              static_cast<void>(end_when_orphaned({gone, gone}, limit));
              hang();
              return std::string();
            }),
            "signal 9");
}

TEST(AChild, OutlivesThePassingOnFromItsFirstParentToItsLast) {
  EXPECT_EQ(test::in_child([] {
              static_cast<void>(become_subreaper());
              const Pid last = own_pid();
              const auto forked = fork_grandchild([](Pid, int) { rest(milliseconds(100)); });
              if (*forked) {
                static_cast<void>(end_when_orphaned({(*forked)->intermediate, last}, limit));
                rest(much_longer);  // the intermediate dies meanwhile
                ::_exit(::getppid() == last ? 5 : 6);
              }
              siginfo_t info{};
              ::waitid(P_ALL, 0, &info, WEXITED | WNOWAIT);
              return reap_one()->described;
            }),
            "exit code 5");
}

// A process that somebody adopts after its parent's death, and then that one dies as well or not.
std::string end_of_adopted(bool leader_dies, bool before_it_is_prepared) {
  static Pid leader = 0;
  return end_of_orphan(
      [=](Pid parent) {
        if (!before_it_is_prepared) prepare(parent);
        leader = ::fork();
        if (leader == 0) hang();
        led_by_another(static_cast<int>(::syscall(SYS_pidfd_open, leader, 0)));
        if (before_it_is_prepared) prepare(parent);
      },
      [=] {
        if (!leader_dies) rest(much_longer);
        ::kill(leader, SIGKILL);
        ::waitpid(leader, nullptr, 0);
        if (leader_dies) hang();
        ::_exit(3);
      });
}

TEST(AnAdoptedOrphan, ThatHangsIsKilledWhenItsLeaderIsDead) {
  EXPECT_EQ(end_of_adopted(true, false), "signal 9 (SIGKILL)");
  EXPECT_EQ(end_of_adopted(true, true), "signal 9 (SIGKILL)");
}

TEST(AnAdoptedOrphan, IsLeftAloneWhileItIsLed) {
  EXPECT_EQ(end_of_adopted(false, false), "exit code 3");
  EXPECT_EQ(end_of_adopted(false, true), "exit code 3");
}

}  // namespace
}  // namespace hupd::os
