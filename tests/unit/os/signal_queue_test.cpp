#include "os/signal_queue.hpp"

#include <csignal>
#include <string>

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/child.hpp"

namespace hupd::os {
namespace {

bool is_readable(int fd) {
  pollfd one{fd, POLLIN, 0};
  return ::poll(&one, 1, 0) == 1;
}

TEST(SignalQueue, TellsOnceOfWhatCameAnyNumberOfTimes) {
  EXPECT_EQ(test::in_child([] {
              auto queue = *SignalQueue::create(SIGTERM);
              const bool before = is_readable(queue.fd()) || queue.take();
              for (int i = 0; i < 10'000; ++i) ::raise(SIGTERM);
              const bool came = is_readable(queue.fd()) && queue.take();
              const bool after = queue.take();
              return std::string(before ? "before " : "") + (came ? "came" : "") +
                     (after ? " again" : "");
            }),
            "came");
}

TEST(SignalQueue, LosesNoOtherInAFlood) {
  EXPECT_EQ(test::in_child([] {
              auto term = *SignalQueue::create(SIGTERM);
              auto child = *SignalQueue::create(SIGCHLD);
              for (int i = 0; i < 10'000; ++i) ::raise(SIGTERM);
              const pid_t pid = ::fork();
              if (pid == 0) ::_exit(0);
              siginfo_t info{};
              ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT);
              return std::string(child.take() ? "child" : "no child") +
                     (term.take() ? ", term" : ", no term");
            }),
            "child, term");
}

TEST(SignalQueue, IsNotTouchedByWhoeverIgnoredTheSignalBefore) {
  EXPECT_EQ(test::in_child([] {
              ::signal(SIGCHLD, SIG_IGN);
              auto queue = *SignalQueue::create(SIGCHLD);
              const pid_t pid = ::fork();
              if (pid == 0) ::_exit(3);
              siginfo_t info{};
              const bool is_there = ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED) == 0 &&
                                    info.si_status == 3;
              return std::string(is_there && queue.take() ? "reaped by hand" : "gone by itself");
            }),
            "reaped by hand");
}

TEST(SignalQueue, KeepsThemWaitingWhenItIsGone) {
  for (const int number : {SIGTERM, SIGCHLD}) {  // the one would end this process, the other not
    EXPECT_EQ(test::in_child([number] {
                static_cast<void>(SignalQueue::create(number));
                ::raise(number);
                return std::string(SignalQueue::create(number)->take() ? "waited" : "lost");
              }),
              "waited");
  }
}

}  // namespace
}  // namespace hupd::os
