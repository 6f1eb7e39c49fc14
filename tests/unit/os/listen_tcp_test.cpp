#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "os/accept.hpp"
#include "sockets.hpp"
#include "support/result.hpp"

namespace hupd::os {
namespace {

using test::fault_of;
using testing::StartsWith;

TEST(ListenTcp, TakesConnectionsOverVersion4) {
  const auto fd = listen_tcp("127.0.0.1:0", "127.0.0.1", 0, true, 16);
  ASSERT_EQ(fault_of(fd), "");
  EXPECT_THAT(local_address(fd->get()), StartsWith("127.0.0.1:"));
  EXPECT_TRUE(is_non_blocking(fd->get()));
  EXPECT_TRUE(is_close_on_exec(fd->get()));
  EXPECT_EQ(accept_one(fd->get()).status, AcceptStatus::Nothing);
  ASSERT_TRUE(reaches_v4(port_of(fd->get())));
  const auto accepted = accept_one(fd->get());
  ASSERT_EQ(accepted.status, AcceptStatus::Accepted);
  EXPECT_TRUE(is_non_blocking(accepted.fd.get()));
  EXPECT_TRUE(is_close_on_exec(accepted.fd.get()));
  EXPECT_THAT(accepted.peer.text(), StartsWith("127.0.0.1:"));
}

TEST(ListenTcp, TakesVersion4OverVersion6OnlyWhenAskedTo) {
  const auto both = listen_tcp("[::]:0", "::", 0, false, 16);
  if (!both) GTEST_SKIP() << both.error().text;
  EXPECT_THAT(local_address(both->get()), StartsWith("[::]:"));
  EXPECT_TRUE(reaches_v4(port_of(both->get())));
  const auto only = listen_tcp("[::]:0", "::", 0, true, 16);
  ASSERT_EQ(fault_of(only), "");
  EXPECT_FALSE(reaches_v4(port_of(only->get())));
}

TEST(ListenTcp, SaysThatAPortIsInUse) {
  const auto first = listen_tcp("127.0.0.1:0", "127.0.0.1", 0, true, 16);
  ASSERT_TRUE(first);
  const auto second = listen_tcp("127.0.0.1:80", "127.0.0.1", port_of(first->get()), true, 16);
  EXPECT_EQ(fault_of(second),
            "listen on 127.0.0.1:80: Address already in use (another process listens there)");
  EXPECT_EQ(second.error().code, EADDRINUSE);
}

TEST(ListenTcp, DoesNotWaitForConnectionsOfTheLastOne) {
  auto first = listen_tcp("127.0.0.1:0", "127.0.0.1", 0, true, 16);
  ASSERT_TRUE(first);
  const auto port = port_of(first->get());
  ASSERT_TRUE(reaches_v4(port));
  accept_one(first->get());  // closed at once, by this side first or last: TIME_WAIT
  first->reset();
  EXPECT_EQ(fault_of(listen_tcp("again", "127.0.0.1", port, true, 16)), "");
}

TEST(ListenTcp, LooksUpNoNames) {
  EXPECT_EQ(fault_of(listen_tcp("localhost:80", "localhost", 80, true, 16)),
            "listen on localhost:80: not an IP address");
}

TEST(ListenTcp, SaysWhichAddressIsNotThisMachines) {
  EXPECT_EQ(fault_of(listen_tcp("192.0.2.1:80", "192.0.2.1", 8080, true, 16)),
            "listen on 192.0.2.1:80: Cannot assign requested address");
}

TEST(ListenTcp, ASocketThatCannotAcceptIsBroken) {
  const Fd none(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(accept_one(none.get()).status, AcceptStatus::Broken);
}

}  // namespace
}  // namespace hupd::os
