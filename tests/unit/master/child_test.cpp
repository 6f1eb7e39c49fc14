#include "master/child.hpp"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/pipe.hpp"
#include "support/directory.hpp"
#include "support/lingering.hpp"
#include "wire/codec.hpp"

namespace hupd::master {
namespace {

using os::Wait;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::chrono::milliseconds patience{60'000};

class ChildTest : public testing::Test {
 protected:
  ChildTest() {
    uv_loop_init(&loop_);
    static_cast<void>(log::process().configure({.file = directory_ / "log"}));
    auto channel = os::channel_pair();
    auto output = os::output_pipe();
    far_ = wire::Link(std::move(channel->second));
    stdout_ = std::move(output->writer);
    child_ = std::make_unique<Child>(
        &loop_, vault_, ChildName{"web", 5, 3, 0}, wire::Link(std::move(channel->first)),
        std::move(output->reader), [this](wire::Letter& letter) { heard(letter); },
        [this] { heard_.emplace_back("end"); });
  }
  ~ChildTest() override {
    child_.reset();
    uv_run(&loop_, UV_RUN_NOWAIT);
    EXPECT_EQ(uv_loop_close(&loop_), 0);
    static_cast<void>(log::process().configure({}));
  }

  void heard(wire::Letter& letter) {
    if (const auto* leaving = std::get_if<wire::Leaving>(&letter.message)) {
      heard_.push_back("leaving " + std::to_string(leaving->cut));
    } else {
      heard_.emplace_back("another");
    }
    if (on_letter_) on_letter_();
  }
  // What the process at the other end says.
  void say(const wire::Message& message) { ASSERT_TRUE(far_.send(message, {}, Wait::No)); }
  // Somebody to be killed. Reaped at the end.
  pid_t live() {
    pid_ = ::fork();
    if (pid_ == 0) {
      far_.close();  // or the end that the test makes of it is none
      for (;;) ::pause();
    }
    child_->born(pid_, os::Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0))), farewell_);
    return pid_;
  }
  void expect_killed_for(const std::string& fault) {
    EXPECT_THAT(log(), HasSubstr("its channel is closed, and it is killed: " + fault));
    expect_killed();
    child_->catch_up();
    EXPECT_EQ(heard_.back(), "end");
  }
  void expect_killed() {
    int status = 0;
    ASSERT_EQ(::waitpid(pid_, &status, 0), pid_);
    EXPECT_EQ(WTERMSIG(status), SIGKILL);
  }
  void print(const std::string& text) {
    ASSERT_EQ(::write(stdout_.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  std::string log() const { return test::content(directory_ / "log"); }

  test::Directory directory_;
  uv_loop_t loop_;
  pid_t pid_ = 0;
  std::chrono::milliseconds farewell_ = patience;
  wire::Link far_;
  os::Fd stdout_;
  std::vector<std::string> heard_;
  std::function<void()> on_letter_;
  Vault vault_;
  std::unique_ptr<Child> child_;
};

TEST_F(ChildTest, IsHeardInOrderAndThenItsEndOnce) {
  say(wire::Leaving{1});
  say(wire::Leaving{2});
  far_.close();
  child_->catch_up();
  child_->catch_up();
  EXPECT_THAT(heard_, ElementsAre("leaving 1", "leaving 2", "end"));
}

TEST_F(ChildTest, IsHeardByTheLoop) {
  say(wire::Leaving{1});
  uv_run(&loop_, UV_RUN_NOWAIT);
  EXPECT_THAT(heard_, ElementsAre("leaving 1"));
}

TEST_F(ChildTest, HasItsLastWordsHeardThoughItDidNotReadItsOrders) {
  child_->send(wire::Quit{});
  say(wire::Leaving{7});
  far_.close();
  child_->catch_up();
  EXPECT_THAT(heard_, ElementsAre("leaving 7", "end"));
}

TEST_F(ChildTest, HasItsLinesRelayedUnderItsNameWithThePidOnceItIsBorn) {
  print("early\n");
  child_->catch_up();
  child_->born(812, os::Fd(), patience);
  print("late\n");
  child_->catch_up();
  EXPECT_THAT(log(), HasSubstr("app=web gen=5 worker=3 early\n"));
  EXPECT_THAT(log(), HasSubstr("app=web gen=5 worker=3 pid=812 late\n"));
}

TEST_F(ChildTest, ThatNeverStopsTalkingLetsTheOthersBeHeard) {
  on_letter_ = [this] { say(wire::Ready{}); };
  say(wire::Ready{});
  child_->catch_up();  // returns
  EXPECT_THAT(heard_, Not(IsEmpty()));
  on_letter_ = {};
  child_->catch_up();
}

TEST_F(ChildTest, ThatSendsGibberishIsHungUpOnAndTheLogSaysWhy) {
  const os::Fd bare = std::move(*os::duplicate(far_.fd()));
  ASSERT_TRUE(os::send_packet(bare.get(), "gibberish", {}, Wait::No));
  say(wire::Leaving{1});
  child_->catch_up();
  EXPECT_THAT(heard_, ElementsAre("end"));
  EXPECT_THAT(log(),
              HasSubstr("error app=web gen=5 worker=3 its channel is closed, and it is killed: "));
}

TEST_F(ChildTest, ThatSaysWhatIsAnothersToSayIsKilled) {
  live();
  say(wire::Leaving{1});
  say(wire::Forked{1, 1});
  say(wire::Leaving{2});
  child_->catch_up();
  EXPECT_THAT(heard_, ElementsAre("leaving 1", "end"));
  expect_killed_for("a message that is not its to send\n");
}

TEST_F(ChildTest, ThatSendsDescriptorsAlongIsKilled) {
  live();
  ASSERT_TRUE(far_.send(wire::Ready{}, std::vector<int>(253, far_.fd()), Wait::No));
  child_->catch_up();
  expect_killed_for("a message with descriptors that it is not to have\n");
}

TEST_F(ChildTest, ThatSendsAPacketWithoutAByteIsKilled) {
  live();
  ASSERT_TRUE(os::send_packet(far_.fd(), "", {far_.fd()}, Wait::No));
  child_->catch_up();
  expect_killed_for("receive on a channel: a packet without a byte\n");
}

TEST_F(ChildTest, OfWhichALetterIsObjectedToIsKilled) {
  live();
  on_letter_ = [this] { child_->object("no"); };
  say(wire::Ready{});
  say(wire::Ready{});
  child_->catch_up();
  EXPECT_THAT(heard_, ElementsAre("another", "end"));
  expect_killed_for("no\n");
}

TEST_F(ChildTest, ThatSaysMoreThanThereIsToSayIsKilled) {
  live();
  on_letter_ = [this] { static_cast<void>(far_.send(wire::Well{}, {}, Wait::No)); };
  say(wire::Well{});
  for (int i = 0; i < 100 && log().empty(); ++i) child_->catch_up();
  EXPECT_GE(heard_.size(), Allowance::most);
  expect_killed_for("it says more than there is to say\n");
}

// Not born: no death of its own would interrupt the wait.
TEST_F(ChildTest, ThatSendsASocketThatIsToLingerIsNotWaitedFor) {
  test::Lingering lingering;
  auto nested = os::channel_pair();
  ASSERT_TRUE(os::send_packet(nested->first.get(), "x", {lingering.socket.get()}, Wait::No));
  for (const auto& message : {wire::Message{wire::Ready{}}, wire::Message{wire::Well{}}}) {
    ASSERT_TRUE(far_.send(message, {nested->second.get(), lingering.socket.get()}, Wait::No));
  }
  lingering.socket.reset();
  nested = {};
  const auto begun = std::chrono::steady_clock::now();
  child_->catch_up();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(20));
  EXPECT_THAT(heard_, ElementsAre("end"));
}

TEST_F(ChildTest, ThatClosesItsChannelAndLivesOnIsKilledAfterSomeTime) {
  farewell_ = std::chrono::milliseconds(1);
  live();
  far_.close();
  const auto is_told = [this] { return log().find("lives on") != std::string::npos; };
  while (!is_told()) uv_run(&loop_, UV_RUN_ONCE);
  EXPECT_THAT(log(), HasSubstr("it has closed its channel and lives on: it is killed\n"));
  expect_killed();
}

TEST_F(ChildTest, ThatIsBornAfterItsChannelHasEndedIsNotForgotten) {
  far_.close();
  child_->catch_up();
  farewell_ = std::chrono::milliseconds(1);
  live();
  while (log().empty()) uv_run(&loop_, UV_RUN_ONCE);
  expect_killed();
}

TEST_F(ChildTest, IsToldWhatIsSent) {
  child_->send(wire::Quit{});
  const auto delivery = far_.receive(Wait::No);
  ASSERT_TRUE(std::holds_alternative<wire::Letter>(delivery));
  EXPECT_TRUE(std::holds_alternative<wire::Quit>(std::get<wire::Letter>(delivery).message));
}

TEST_F(ChildTest, ThatDoesNotReadIsNotWaitedFor) {
  auto sent = child_->try_send(wire::Quit{}, {});
  for (int i = 0; sent && i < 1'000'000; ++i) sent = child_->try_send(wire::Quit{}, {});
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, EAGAIN);
  EXPECT_EQ(log(), "");
  child_->send(wire::Quit{});
  EXPECT_THAT(log(), HasSubstr("warn  app=web gen=5 worker=3 send on a channel: "));
}

TEST_F(ChildTest, ThatIsGoneIsNoNewsForTheLog) {
  far_.close();
  child_->send(wire::Quit{});
  EXPECT_EQ(log(), "");
  EXPECT_FALSE(child_->try_send(wire::Quit{}, {}));
}

TEST_F(ChildTest, ReadsAnEndWhenItIsHungUpOn) {
  child_->hang_up();
  EXPECT_TRUE(std::holds_alternative<os::EndOfFile>(far_.receive(Wait::No)));
  child_->catch_up();
  EXPECT_THAT(heard_, IsEmpty()) << "the end was this side's";
  child_->send(wire::Quit{});
  EXPECT_EQ(child_->try_send(wire::Quit{}, {}).error().text, "its channel is closed");
  EXPECT_EQ(log(), "");
}

TEST_F(ChildTest, CannotBeSignalledBeforeItIsBorn) {
  EXPECT_FALSE(child_->is_born());
  child_->signal(os::Signal::Kill);
  EXPECT_EQ(log(), "");
}

TEST_F(ChildTest, IsSignalledByItsPidfd) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    for (;;) ::pause();
  }
  child_->born(pid, os::Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))), patience);
  EXPECT_TRUE(child_->is_born());
  EXPECT_EQ(child_->pid(), pid);
  child_->signal(os::Signal::Abort);
  int status = 0;
  ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  EXPECT_EQ(WTERMSIG(status), SIGABRT);
  child_->signal(os::Signal::Kill);
  EXPECT_EQ(log(), "") << "one that is reaped already is no fault";
}

TEST_F(ChildTest, SaysWhichSignalFailed) {
  child_->born(812, os::Fd(::dup(stdout_.get())), patience);  // no pidfd
  child_->signal(os::Signal::Kill);
  EXPECT_THAT(log(),
              EndsWith("app=web gen=5 worker=3 pid=812 send SIGKILL: Bad file descriptor\n"));
}

}  // namespace
}  // namespace hupd::master
