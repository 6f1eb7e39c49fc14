#include "os/local_stream.hpp"

#include <array>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/listen.hpp"
#include "os/pipe.hpp"
#include "support/directory.hpp"

namespace hupd::os {
namespace {

struct Pair {
  Pair() {
    auto ends = local_pair();
    one = std::move(ends->first);
    other = std::move(ends->second);
  }
  Fd one, other;
};

TEST(LocalStream, SendsAndIsReadWithoutWaiting) {
  Pair pair;
  std::string got;
  EXPECT_TRUE(read_available(pair.other.get(), got)) << "nothing is there, and no end";
  EXPECT_EQ(send_now(pair.one.get(), "hello").value(), 5U);
  EXPECT_TRUE(read_available(pair.other.get(), got));
  EXPECT_EQ(got, "hello");
  pair.one.reset();
  EXPECT_FALSE(read_available(pair.other.get(), got));
  EXPECT_EQ(got, "hello");
}

TEST(LocalStream, SendsAsMuchAsThereIsRoomFor) {
  Pair pair;
  const std::string much(10UL * 1024 * 1024, 'x');
  const auto sent = send_now(pair.one.get(), much);
  ASSERT_TRUE(sent);
  EXPECT_LT(*sent, much.size());
  EXPECT_EQ(send_now(pair.one.get(), much).value(), 0U);
  pair.other.reset();
  EXPECT_FALSE(send_now(pair.one.get(), "x")) << "and no SIGPIPE";
}

TEST(LocalStream, TellsAHalfClosedSideFromOneThatIsGone) {
  Pair pair;
  ::shutdown(pair.other.get(), SHUT_WR);
  EXPECT_FALSE(has_hung_up(pair.one.get()));
  pair.other.reset();
  EXPECT_TRUE(has_hung_up(pair.one.get()));
}

TEST(LocalStream, KnowsWhoIsConnected) {
  test::Directory directory;
  const std::string path = directory / "socket";
  const auto listener = listen_unix("unix:" + path, {path, 0600, "", ""}, 1);
  ASSERT_TRUE(listener);
  const auto client = connect_local(path);
  ASSERT_TRUE(client);
  const auto peer = peer_credentials(client->get());
  ASSERT_TRUE(peer) << peer.error().text;
  EXPECT_EQ(peer->uid, ::geteuid());
  EXPECT_EQ(peer->gid, ::getegid());
  std::array<gid_t, 1024> groups{};
  EXPECT_EQ(static_cast<int>(peer->groups.size()),
            ::getgroups(static_cast<int>(groups.size()), groups.data()));
}

TEST(LocalStream, SaysWhyNobodyAnswers) {
  test::Directory directory;
  const auto missing = connect_local(directory / "nothing");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ENOENT);
  EXPECT_FALSE(connect_local(std::string(200, 'x')));
}

}  // namespace
}  // namespace hupd::os
