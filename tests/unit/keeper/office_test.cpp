// The keeper at work, in the hands of a test that is its master and whoever asks.
#include "keeper/office.hpp"

#include <csignal>

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "keeper/keeper.hpp"
#include "os/locked_directory.hpp"
#include "os/memory.hpp"
#include "os/packet_socket.hpp"
#include "os/process.hpp"
#include "support/directory.hpp"

namespace hupd::keeper {
namespace {

os::Fd file() { return std::move(*os::memory_file("test", 1)); }

// A process that stands for a master, so that one can die.
class Stand {
 public:
  Stand() : pid_(::fork()) {
    if (pid_ == 0) {
      ::pause();
      ::_exit(0);
    }
    pidfd_ = os::Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  }
  ~Stand() { kill(); }
  int pidfd() const { return pidfd_.get(); }
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(std::exchange(pid_, -1), nullptr, 0);
  }

 private:
  pid_t pid_;
  os::Fd pidfd_;
};

class OfficeTest : public testing::Test {
 protected:
  OfficeTest() {
    uv_loop_init(&loop_);
    auto ends = os::channel_pair();
    master_ = Line(std::move(ends->first));
    office_ = std::make_unique<Office>(&loop_, Line(std::move(ends->second)));
    door_ = std::move(*os::listen_packets(own_.path(), socket_name));
  }
  ~OfficeTest() override {
    office_.reset();
    uv_run(&loop_, UV_RUN_NOWAIT);
    EXPECT_EQ(uv_loop_close(&loop_), 0);
  }

  void lead(int pidfd) {
    ASSERT_TRUE(
        master_.send({Word::Lead, {"web", own_.path(), "60000", "812"}}, {pidfd, door_.get()}));
    ASSERT_TRUE(master_.send({Word::Put, {"state-0"}}, {file().get()}));
    ASSERT_TRUE(master_.send({Word::Put, {"pidfd-7"}}, {file().get()}));
    ASSERT_TRUE(master_.send({Word::Put, {"runtime-dir-0"}}, {own_.lock()}));
    turn();
  }
  void turn() {
    for (int i = 0; i < 20; ++i) uv_run(&loop_, UV_RUN_NOWAIT);
  }
  Line caller() { return Line(std::move(*os::connect_packets(own_.path(), socket_name))); }
  Delivery hear(const Line& line) {
    turn();
    return line.receive();
  }
  Letter answer(const Line& line, const Message& message, const std::vector<int>& fds = {}) {
    EXPECT_TRUE(line.send(message, fds));
    auto delivery = hear(line);
    auto* letter = std::get_if<Letter>(&delivery);
    return letter == nullptr ? Letter{} : std::move(*letter);
  }

  uv_loop_t loop_;
  const test::Directory place_;
  os::LockedDirectory own_ = std::move(*os::LockedDirectory::create(place_.path()));
  os::Fd door_;
  Line master_;
  std::unique_ptr<Office> office_;
};

TEST_F(OfficeTest, GivesAllToOneOfTwoWhenItsMasterIsDead) {
  Stand master;
  lead(master.pidfd());
  const auto one = caller();
  const auto other = caller();
  EXPECT_EQ(answer(one, {Word::Ask, {"web"}}).message.word, Word::Led);
  master.kill();
  for (const auto* line : {&one, &other}) {
    const auto letter = answer(*line, {Word::Ask, {"web"}});
    EXPECT_EQ(letter.message.word, Word::Yours);
    EXPECT_EQ(letter.message.fields, (std::vector<std::string>{"812", "web", "1", "state-0"}));
    EXPECT_EQ(letter.fds.size(), 1U);
  }
  const auto self = os::own_pidfd();
  const auto first = answer(one, {Word::Take}, {self->get()});
  EXPECT_EQ(first.message.word, Word::Is);
  EXPECT_EQ(first.fds.size(), 1U);
  EXPECT_EQ(answer(other, {Word::Take}, {self->get()}).message.word, Word::Taken);
  auto second = hear(one);
  EXPECT_EQ(std::get<Letter>(second).message.fields[0], "runtime-dir-0");
  ASSERT_TRUE(std::holds_alternative<Letter>(hear(one)));
  auto last = hear(one);
  EXPECT_EQ(std::get<Letter>(last).message.word, Word::All);
}

TEST_F(OfficeTest, WhatADyingMasterSaidIsHeardBeforeAnybodyIsAnswered) {
  Stand master;
  lead(master.pidfd());
  const auto asks = caller();
  ASSERT_TRUE(asks.send({Word::Ask, {"web"}}));
  ASSERT_TRUE(master_.send({Word::Put, {"state-1"}}, {file().get()}));
  master.kill();
  const auto delivery = hear(asks);
  EXPECT_EQ(std::get<Letter>(delivery).fds.size(), 2U);
}

TEST_F(OfficeTest, NobodyTakesWhoWasNotToldThatItIsHis) {
  Stand master;
  lead(master.pidfd());
  master.kill();
  const auto other = caller();
  const auto self = os::own_pidfd();
  EXPECT_EQ(answer(other, {Word::Ask, {"other"}}).message.word, Word::Others);
  ASSERT_TRUE(other.send({Word::Take}, {self->get()}));
  ASSERT_TRUE(other.send({Word::Drop}));
  EXPECT_TRUE(std::holds_alternative<os::WouldBlock>(hear(other)));
  const auto own = caller();
  EXPECT_EQ(answer(own, {Word::Ask, {"web"}}).message.word, Word::Yours);
}

TEST_F(OfficeTest, NobodyTakesWithoutSayingWhoHeIs) {
  Stand master;
  lead(master.pidfd());
  master.kill();
  const auto one = caller();
  EXPECT_EQ(answer(one, {Word::Ask, {"web"}}).message.word, Word::Yours);
  ASSERT_TRUE(one.send({Word::Take}));
  ASSERT_TRUE(one.send({Word::Take}, {file().get()}));
  EXPECT_TRUE(std::holds_alternative<os::WouldBlock>(hear(one)));
  const auto self = os::own_pidfd();
  EXPECT_EQ(answer(one, {Word::Take}, {self->get()}).message.word, Word::Is);
}

// Its master gave it up, started another, and died a moment later.
TEST_F(OfficeTest, WhoIsFollowedByAnotherKeeperWaitsForNobodyAndLeavesTheFilesToThatOne) {
  Stand master;
  lead(master.pidfd());
  const auto asks = caller();
  const auto next = std::move(*os::listen_packets(own_.path(), socket_name));
  master_ = Line();
  turn();
  EXPECT_EQ(answer(asks, {Word::Ask, {"web"}}).message.word, Word::Led) << "it lives";
  master.kill();
  EXPECT_NE(answer(asks, {Word::Ask, {"web"}}).message.word, Word::Yours);
  EXPECT_TRUE(own_.is_there());
  EXPECT_TRUE(os::connect_packets(own_.path(), socket_name));
}

TEST_F(OfficeTest, WhoWaitsForAMasterInVainLeavesNoFile) {
  Stand master;
  lead(master.pidfd());
  const auto asks = caller();
  master.kill();
  EXPECT_EQ(answer(asks, {Word::Ask, {"web"}}).message.word, Word::Yours);
  ASSERT_TRUE(asks.send({Word::Drop}));
  turn();
  EXPECT_FALSE(own_.is_there());
}

TEST_F(OfficeTest, WhoSpeaksAnotherVersionIsHungUpOn) {
  Stand master;
  lead(master.pidfd());
  const auto strange = caller();
  ASSERT_TRUE(os::send_packet(strange.fd(), "hupd-keeper 2 ask\n", {}, os::Wait::No));
  EXPECT_TRUE(std::holds_alternative<os::EndOfFile>(hear(strange)));
}

}  // namespace
}  // namespace hupd::keeper
