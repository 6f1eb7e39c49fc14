#include "os/channel.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "os/memory.hpp"
#include "sockets.hpp"
#include "support/child.hpp"

namespace hupd::os {
namespace {

using testing::HasSubstr;

class ChannelTest : public testing::Test {
 protected:
  ChannelTest() {
    auto pair = channel_pair();
    near_ = std::move(pair->first);
    far_ = std::move(pair->second);
  }
  std::string received() {
    auto got = receive_packet(far_.get(), Wait::No);
    if (!got) return "error: " + got.error().text;
    if (const auto* bad = std::get_if<Unusable>(&*got)) return "error: " + bad->why;
    if (std::holds_alternative<EndOfFile>(*got)) return "end of file";
    if (std::holds_alternative<WouldBlock>(*got)) return "would block";
    if (const auto* stripped = std::get_if<Stripped>(&*got)) return "stripped: " + stripped->bytes;
    return std::get<Packet>(*got).bytes;
  }
  Fd near_;
  Fd far_;
};

TEST_F(ChannelTest, KeepsTheBoundariesOfMessages) {
  ASSERT_TRUE(send_packet(near_.get(), "one", {}, Wait::No));
  ASSERT_TRUE(send_packet(near_.get(), "second", {}, Wait::No));
  EXPECT_EQ(received(), "one");
  EXPECT_EQ(received(), "second");
  EXPECT_EQ(received(), "would block");
}

TEST_F(ChannelTest, TakesAPacketWithoutAByteForNoEndOfFile) {
  const auto file = memory_file_with("a", "first");
  ASSERT_TRUE(send_packet(near_.get(), "", {}, Wait::No));
  ASSERT_TRUE(send_packet(near_.get(), "", {file->get()}, Wait::No));
  ASSERT_TRUE(send_packet(near_.get(), "one", {}, Wait::No));
  EXPECT_THAT(received(), HasSubstr("error: "));
  EXPECT_THAT(received(), HasSubstr("error: "));
  EXPECT_EQ(received(), "one");
  near_.reset();
  EXPECT_EQ(received(), "end of file");
}

TEST_F(ChannelTest, IsCloseOnExecAtBothEnds) {
  EXPECT_TRUE(is_close_on_exec(near_.get()));
  EXPECT_TRUE(is_close_on_exec(far_.get()));
}

TEST_F(ChannelTest, HandsOverDescriptorsInOrderAndCloseOnExec) {
  const auto a = memory_file_with("a", "first");
  const auto b = memory_file_with("b", "second");
  ASSERT_TRUE(send_packet(near_.get(), "x", {a->get(), b->get()}, Wait::No));
  auto got = receive_packet(far_.get(), Wait::No);
  ASSERT_TRUE(got && std::holds_alternative<Packet>(*got));
  const auto& fds = std::get<Packet>(*got).fds;
  ASSERT_EQ(fds.size(), 2U);
  EXPECT_EQ(*read_whole(fds[0].get()), "first");
  EXPECT_EQ(*read_whole(fds[1].get()), "second");
  EXPECT_TRUE(is_close_on_exec(fds[0].get()));
  EXPECT_TRUE(is_close_on_exec(fds[1].get()));
}

TEST_F(ChannelTest, LeavesTheSendersDescriptorsOpen) {
  const auto file = memory_file("a", 0);
  ASSERT_TRUE(send_packet(near_.get(), "x", {file->get()}, Wait::No));
  EXPECT_NE(::fcntl(file->get(), F_GETFD), -1);
}

TEST_F(ChannelTest, TellsTheEndAfterTheLastMessage) {
  ASSERT_TRUE(send_packet(near_.get(), "last", {}, Wait::No));
  near_.reset();
  EXPECT_EQ(received(), "last");
  EXPECT_EQ(received(), "end of file");
}

TEST_F(ChannelTest, AFullQueueIsEagain) {
  const std::string bytes(1024, 'x');
  auto sent = send_packet(near_.get(), bytes, {}, Wait::No);
  for (int i = 0; sent && i < 100'000; ++i) sent = send_packet(near_.get(), bytes, {}, Wait::No);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, EAGAIN);
  EXPECT_EQ(received(), bytes);
  EXPECT_TRUE(send_packet(near_.get(), bytes, {}, Wait::No)) << "room again";
}

TEST_F(ChannelTest, TakesTheLongestPacketWholeAndRefusesALongerOne) {
  const std::string longest(max_packet_bytes, 'x');
  ASSERT_TRUE(send_packet(near_.get(), longest, {}, Wait::No));
  EXPECT_EQ(received(), longest);
  ASSERT_TRUE(send_packet(near_.get(), longest + 'y', {}, Wait::No));
  EXPECT_THAT(received(), HasSubstr("the packet was cut"));
}

TEST_F(ChannelTest, Takes253DescriptorsAndRefusesMoreBeforeItSends) {
  std::vector<int> fds(max_fds_per_packet, near_.get());
  ASSERT_TRUE(send_packet(near_.get(), "many", fds, Wait::No));
  auto got = receive_packet(far_.get(), Wait::No);
  ASSERT_TRUE(got && std::holds_alternative<Packet>(*got));
  EXPECT_EQ(std::get<Packet>(*got).fds.size(), 253U);
  fds.push_back(near_.get());
  const auto sent = send_packet(near_.get(), "too many", fds, Wait::No);
  ASSERT_FALSE(sent);
  EXPECT_THAT(sent.error().text, HasSubstr("too many descriptors"));
  EXPECT_EQ(received(), "would block");
}

// In a child: few descriptors are left, so the kernel cuts the list that comes.
TEST_F(ChannelTest, DescriptorsThatFindNoRoomAreToldOfAndNoneOfThemLeaks) {
  EXPECT_EQ(test::in_child([this] {
              test::Faults faults;
              static_cast<void>(send_packet(near_.get(), "x", std::vector(8, 0), Wait::No));
              static_cast<void>(send_packet(near_.get(), "next", {}, Wait::No));
              const auto lowest = duplicate(0)->get();
              const auto few = static_cast<rlim_t>(lowest) + 2;
              const rlimit limit{few, few};
              ::setrlimit(RLIMIT_NOFILE, &limit);
              faults.expect(received() == "stripped: x", "that they are missing is told");
              faults.expect(duplicate(0)->get() == lowest, "those that came are closed");
              faults.expect(received() == "next", "the next packet comes whole");
              return faults.first();
            }),
            "");
}

}  // namespace
}  // namespace hupd::os
