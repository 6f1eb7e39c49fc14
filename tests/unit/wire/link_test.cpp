#include "wire/link.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "os/memory.hpp"
#include "support/child.hpp"
#include "wire/codec.hpp"

namespace hupd::wire {
namespace {

using os::Wait;
using testing::HasSubstr;

class LinkTest : public testing::Test {
 protected:
  LinkTest() {
    auto pair = os::channel_pair();
    near_ = Link(std::move(pair->first));
    far_ = std::move(pair->second);
  }
  Link near_;
  os::Fd far_;  // bare, for what no Link would send
};

TEST_F(LinkTest, CarriesAMessageWithItsDescriptors) {
  const Link far(std::move(far_));
  const auto plan = os::memory_file_with("plan", "the plan");
  ASSERT_TRUE(near_.send(Boot{1, "d", "c"}, {plan->get()}, Wait::No));
  const auto delivery = far.receive(Wait::No);
  const auto* letter = std::get_if<Letter>(&delivery);
  ASSERT_NE(letter, nullptr);
  EXPECT_EQ(std::get<Boot>(letter->message).directory, "d");
  ASSERT_EQ(letter->fds.size(), 1U);
  EXPECT_EQ(*os::read_whole(letter->fds[0].get()), "the plan");
}

TEST_F(LinkTest, DeliversInTheOrderSentAndThenBlocks) {
  const Link far(std::move(far_));
  ASSERT_TRUE(near_.send(Accept{}, {}, Wait::No));
  ASSERT_TRUE(near_.send(Quit{}, {}, Wait::No));
  EXPECT_TRUE(std::holds_alternative<Accept>(std::get<Letter>(far.receive(Wait::No)).message));
  EXPECT_TRUE(std::holds_alternative<Quit>(std::get<Letter>(far.receive(Wait::No)).message));
  EXPECT_TRUE(std::holds_alternative<os::WouldBlock>(far.receive(Wait::No)));
}

TEST_F(LinkTest, ReadsWhatWasSentBeforeTheEnd) {
  const Link far(std::move(far_));
  ASSERT_TRUE(near_.send(Leaving{3}, {}, Wait::No));
  near_.close();
  EXPECT_FALSE(near_);
  EXPECT_TRUE(std::holds_alternative<Letter>(far.receive(Wait::Yes)));
  EXPECT_TRUE(std::holds_alternative<os::EndOfFile>(far.receive(Wait::Yes)));
  EXPECT_TRUE(std::holds_alternative<os::EndOfFile>(far.receive(Wait::Yes)));
}

TEST_F(LinkTest, AnEndWithUnreadMessagesIsAnEndAsWell) {
  ASSERT_TRUE(near_.send(Quit{}, {}, Wait::No));
  far_.reset();  // unread: the kernel resets the other side
  EXPECT_TRUE(std::holds_alternative<os::EndOfFile>(near_.receive(Wait::No)));
}

TEST_F(LinkTest, ReadsTheLastWordsOfASideThatWentWithMessagesUnread) {
  ASSERT_TRUE(near_.send(Quit{}, {}, Wait::No));
  ASSERT_TRUE(os::send_packet(far_.get(), encode(Failed{"why"}), {}, Wait::No));
  ASSERT_TRUE(os::send_packet(far_.get(), encode(Leaving{3}), {}, Wait::No));
  far_.reset();
  const auto first = near_.receive(Wait::No);
  ASSERT_TRUE(std::holds_alternative<Letter>(first));
  EXPECT_EQ(std::get<Failed>(std::get<Letter>(first).message).reason, "why");
  EXPECT_TRUE(std::holds_alternative<Letter>(near_.receive(Wait::No)));
  EXPECT_TRUE(std::holds_alternative<os::EndOfFile>(near_.receive(Wait::No)));
}

TEST_F(LinkTest, CallsBytesThatAreNoMessageMalformedAndGoesOn) {
  ASSERT_TRUE(os::send_packet(far_.get(), "gibberish", {}, Wait::No));
  ASSERT_TRUE(os::send_packet(far_.get(), encode(Ready{}), {}, Wait::No));
  EXPECT_TRUE(std::holds_alternative<Malformed>(near_.receive(Wait::No)));
  EXPECT_TRUE(std::holds_alternative<Letter>(near_.receive(Wait::No)));
}

TEST_F(LinkTest, CallsAPacketThatWasCutMalformed) {
  ASSERT_TRUE(
      os::send_packet(far_.get(), std::string(os::max_packet_bytes + 1, '\0'), {}, Wait::No));
  const auto delivery = near_.receive(Wait::No);
  ASSERT_TRUE(std::holds_alternative<Malformed>(delivery));
  EXPECT_THAT(std::get<Malformed>(delivery).what, HasSubstr("cut"));
}

// In a child: no descriptor can be had any more.
TEST_F(LinkTest, WhatCanDoWithoutItsDescriptorsComesWithoutThem) {
  EXPECT_EQ(test::in_child([this] {
              test::Faults faults;
              const Link far(std::move(far_));
              for (const Message& message :
                   {Message(Left{true, true, 1}), Message(Inherit{}), Message(Forked{})}) {
                static_cast<void>(near_.send(message, {0}, Wait::No));
              }
              const auto none = static_cast<rlim_t>(os::duplicate(0)->get());
              const rlimit limit{none, none};
              ::setrlimit(RLIMIT_NOFILE, &limit);
              for (int i = 0; i < 2; ++i) {
                const auto delivery = far.receive(Wait::No);
                const auto* letter = std::get_if<Letter>(&delivery);
                faults.expect(letter != nullptr && letter->fds.empty(), "the message is there");
              }
              faults.expect(std::holds_alternative<Malformed>(far.receive(Wait::No)),
                            "another cannot do without");
              return faults.first();
            }),
            "");
}

TEST_F(LinkTest, NeverWaitsForASideThatDoesNotRead) {
  auto sent = near_.send(Accept{}, {}, Wait::No);
  for (int i = 0; sent && i < 1'000'000; ++i) sent = near_.send(Accept{}, {}, Wait::No);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, EAGAIN);
}

TEST_F(LinkTest, SendingToASideThatIsGoneIsAnErrorAndNoDeath) {
  far_.reset();
  const auto sent = near_.send(Accept{}, {}, Wait::No);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, EPIPE);
}

}  // namespace
}  // namespace hupd::wire
