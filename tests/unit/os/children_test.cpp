#include "os/children.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/reap.hpp"
#include "support/child.hpp"

namespace hupd::os {
namespace {

[[noreturn]] void hang() {
  for (;;) ::pause();
}

Pid fork_hanging() {
  const Pid pid = ::fork();
  if (pid == 0) hang();
  return pid;
}

void wait_for_end(Pid pid) {
  siginfo_t info{};
  ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT);
}

TEST(LivingChildren, AreListedWithTheirNamesAndZombiesAreNot) {
  EXPECT_EQ(test::in_child([] {
              test::Faults faults;
              faults.expect(living_children().empty(), "nobody else's children are listed");
              ::prctl(PR_SET_NAME, "a name", 0, 0, 0);  // which children inherit
              const Pid first = fork_hanging();
              const Pid second = fork_hanging();
              auto listed = living_children();
              faults.expect(listed.size() == 2 && listed[0].pid == std::min(first, second) &&
                                listed[0].name == "a name",
                            "both are listed");
              static_cast<void>(signal_child(first, Signal::Kill));
              wait_for_end(first);
              listed = living_children();
              faults.expect(listed.size() == 1 && listed[0].pid == second, "zombies are not");
              static_cast<void>(signal_child(second, Signal::Kill));
              return faults.first();
            }),
            "");
}

TEST(LivingChildren, AreAlsoThoseThatWereLeftToASubreaper) {
  EXPECT_EQ(test::in_child([] {
              test::Faults faults;
              static_cast<void>(become_subreaper());
              const Pid parent = ::fork();
              if (parent == 0) {
                fork_hanging();
                ::_exit(0);
              }
              wait_for_end(parent);
              static_cast<void>(reap_one());
              const auto listed = living_children();
              faults.expect(listed.size() == 1, "the orphan is listed");
              if (!listed.empty()) static_cast<void>(signal_child(listed[0].pid, Signal::Kill));
              return faults.first();
            }),
            "");
}

}  // namespace
}  // namespace hupd::os
