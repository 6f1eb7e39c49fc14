// In forked children: they become subreapers, and the test's own process stays clean.
#include "os/fork.hpp"

#include <set>

#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/channel.hpp"
#include "os/reap.hpp"
#include "support/child.hpp"

namespace hupd::os {
namespace {

constexpr int many = 30;

// The zygote's part: forks `many` that end at once.
[[noreturn]] void fork_them(int channel) {
  for (int i = 0; i < many; ++i) {
    const auto forked = fork_grandchild([&](Pid pid, int pidfd) {
      static_cast<void>(send_packet(channel, std::to_string(pid), {pidfd}, Wait::Yes));
    });
    if (forked && *forked) ::_exit(7);
  }
  ::_exit(0);
}

void take_announcements(int channel, std::set<Pid>& announced, test::Faults& faults) {
  for (;;) {
    auto got = receive_packet(channel, Wait::No);
    if (!got || !std::holds_alternative<Packet>(*got)) return;
    const auto& packet = std::get<Packet>(*got);
    faults.expect(packet.fds.size() == 1, "a pidfd comes along");
    announced.insert(std::stoi(packet.bytes));
  }
}

// Waits until some child can be reaped, and leaves it so. Which one is reaped next is another
// matter: more may end meanwhile. False: there is none.
bool has_ended() {
  siginfo_t info{};
  return ::waitid(P_ALL, 0, &info, WEXITED | WNOWAIT) == 0;
}

TEST(ForkGrandchild, IsAnnouncedBeforeTheSubreaperCanReapIt) {
  EXPECT_EQ(test::in_child([] {
              test::Faults faults;
              static_cast<void>(become_subreaper());
              auto channel = channel_pair();
              const pid_t zygote = ::fork();
              if (zygote == 0) fork_them(channel->second.get());
              std::set<Pid> announced;
              int reaped = 0;
              while (has_ended()) {
                const auto ended = reap_one();
                if (!ended || ended->pid == zygote) continue;
                take_announcements(channel->first.get(), announced, faults);
                faults.expect(announced.contains(ended->pid), "the announcement came first");
                ++reaped;
              }
              faults.expect(reaped == many, "every grandchild is the subreaper's child");
              return faults.first();
            }),
            "");
}

int forks_seen = 0;

TEST(ForkGrandchild, RunsTheForkHandlersOfLibraries) {
  EXPECT_EQ(test::in_child([] {
              static_cast<void>(become_subreaper());
              ::pthread_atfork(nullptr, nullptr, [] { ++forks_seen; });
              const auto forked = fork_grandchild([](Pid, int) {});
              if (*forked) ::_exit(forks_seen);
              static_cast<void>(has_ended());
              const auto reaped = reap_one();
              return reaped ? reaped->described : "no grandchild";
            }),
            "exit code 2");
}

TEST(ForkGrandchild, SaysWhenTheAnnouncingProcessDied) {
  EXPECT_EQ(test::in_child([] {
              static_cast<void>(become_subreaper());
              const auto forked = fork_grandchild([](Pid, int) { ::raise(SIGKILL); });
              if (forked && *forked) ::_exit(0);
              return forked ? std::string("no fault") : forked.error().text;
            }),
            "fork: the intermediate process was killed");
}

}  // namespace
}  // namespace hupd::os
