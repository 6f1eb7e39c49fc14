#include "os/kinship.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/fork.hpp"
#include "os/pipe.hpp"
#include "support/child.hpp"
#include "support/result.hpp"

namespace hupd::os {
namespace {

using test::fault_of;
using testing::HasSubstr;

Fd pidfd_of(Pid pid) { return Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))); }

class KinshipTest : public testing::Test {
 protected:
  KinshipTest() : child_(::fork()) {
    if (child_ == 0) {
      for (;;) ::pause();
    }
  }
  ~KinshipTest() override {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  Pid child_;
};

TEST_F(KinshipTest, OfAChild) {
  const Fd pidfd = pidfd_of(child_);
  EXPECT_EQ(fault_of(is_of_own_descendant(pidfd.get(), child_)), "");
  ::kill(child_, SIGKILL);
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child_), &info, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(info.si_status, SIGKILL);
  EXPECT_EQ(fault_of(is_of_own_descendant(pidfd.get(), child_)), "") << "dead, and not reaped";
}

TEST_F(KinshipTest, OfAChildsChild) {
  EXPECT_EQ(test::in_child([] {
              auto pipe = output_pipe();
              const pid_t between = ::fork();
              if (between == 0) {
                const pid_t below = ::fork();
                if (below == 0) {
                  for (;;) ::pause();
                }
                if (::write(pipe->writer.get(), &below, sizeof below) < 0) ::_exit(1);
                for (;;) ::pause();
              }
              pid_t below = 0;
              while (::read(pipe->reader.get(), &below, sizeof below) < 0) ::usleep(1000);
              test::Faults faults;
              const Fd pidfd = pidfd_of(below);
              faults.expect(is_of_own_descendant(pidfd.get(), below).has_value(), "is ours");
              ::kill(between, SIGKILL);
              ::kill(below, SIGKILL);
              return faults.first();
            }),
            "");
}

TEST_F(KinshipTest, IsOfNobodyElse) {
  for (const Pid stranger : {1, ::getpid(), ::getppid()}) {
    const Fd pidfd = pidfd_of(stranger);
    if (!pidfd) continue;
    const std::string none = "process " + std::to_string(stranger) + " is no child of this one";
    EXPECT_EQ(fault_of(is_of_own_descendant(pidfd.get(), stranger)), none);
  }
}

TEST_F(KinshipTest, IsOfTheProcessThatIsNamed) {
  const Fd pidfd = pidfd_of(child_);
  EXPECT_THAT(fault_of(is_of_own_descendant(pidfd.get(), ::getppid())), HasSubstr("its pidfd is"));
  EXPECT_EQ(fault_of(is_of_own_descendant(0, child_)), "that is no pidfd");
}

}  // namespace
}  // namespace hupd::os
