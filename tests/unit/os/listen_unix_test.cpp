#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "os/accept.hpp"
#include "sockets.hpp"
#include "support/directory.hpp"
#include "support/result.hpp"

namespace hupd::os {
namespace {

using test::fault_of;

class ListenUnix : public testing::Test {
 protected:
  Result<Fd> listen(std::uint32_t mode = 0666, const std::string& owner = "",
                    const std::string& group = "") {
    return listen_unix("unix:web.sock", {path_, mode, owner, group}, 16);
  }
  test::Directory directory_;
  std::string path_ = directory_ / "web.sock";
};

TEST_F(ListenUnix, TakesConnectionsAtAFileWithItsMode) {
  const auto fd = listen(0620);
  ASSERT_EQ(fault_of(fd), "");
  EXPECT_EQ(test::mode_of(path_), 0620U);
  EXPECT_EQ(local_address(fd->get()), "unix:" + path_);
  EXPECT_TRUE(is_non_blocking(fd->get()));
  EXPECT_TRUE(is_close_on_exec(fd->get()));
  const Fd client = connect_unix(path_);
  EXPECT_TRUE(client);
  const auto accepted = accept_one(fd->get());
  EXPECT_EQ(accepted.status, AcceptStatus::Accepted);
  EXPECT_EQ(accepted.peer.text(), "unix");
}

TEST_F(ListenUnix, GivesTheFileItsOwnerAndGroup) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  const auto fd = listen(0660, "54321", "54322");
  ASSERT_EQ(fault_of(fd), "");
  struct stat status = {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 54321U);
  EXPECT_EQ(status.st_gid, 54322U);
  EXPECT_EQ(test::mode_of(path_), 0660U);
}

// Whoever may write in the directory, a worker say, may have put it there since.
TEST_F(ListenUnix, HasNoAccessSetThroughALinkOrToAnotherFile) {
  const auto fd = listen();
  ASSERT_EQ(fault_of(fd), "");
  const std::string other = directory_ / "shadow";
  test::write(other, "secret");
  ASSERT_EQ(::chmod(other.c_str(), 0600), 0);
  const auto refused =
      "set the access to " + path_ + ": another file is there, which is left alone";
  ::unlink(path_.c_str());
  ASSERT_EQ(::symlink(other.c_str(), path_.c_str()), 0);
  EXPECT_EQ(fault_of(set_socket_access({path_, 0666, "", ""})), refused);
  ::unlink(path_.c_str());
  ASSERT_EQ(::link(other.c_str(), path_.c_str()), 0);
  EXPECT_EQ(fault_of(set_socket_access({path_, 0666, "", ""})), refused);
  EXPECT_EQ(test::mode_of(other), 0600U);
  ::unlink(path_.c_str());
  const auto again = listen();
  ASSERT_EQ(::link(path_.c_str(), (directory_ / "second").c_str()), 0);
  EXPECT_EQ(fault_of(set_socket_access({path_, 0600, "", ""})), refused) << "of another service?";
}

TEST_F(ListenUnix, LeavesNoFileBehindWhenItsOwnerIsUnknown) {
  EXPECT_EQ(fault_of(listen(0666, "no-such")),
            "listen on unix:web.sock: user no-such: there is no such user");
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(ListenUnix, ReplacesAFileThatNobodyListensOn) {
  listen()->reset();
  ASSERT_TRUE(std::filesystem::exists(path_)) << "as a master that was killed leaves it";
  const auto fd = listen();
  ASSERT_EQ(fault_of(fd), "");
  EXPECT_TRUE(connect_unix(path_));
}

TEST_F(ListenUnix, LeavesALivingSocketToItsOwner) {
  const auto first = listen();
  ASSERT_TRUE(first);
  EXPECT_EQ(fault_of(listen()),
            "listen on unix:web.sock: Address already in use (another process listens there)");
  EXPECT_TRUE(connect_unix(path_));
}

TEST_F(ListenUnix, LeavesALivingSocketWithAFullQueueToItsOwner) {
  const auto first = listen_unix("unix:web.sock", {path_, 0666, "", ""}, 0);
  ASSERT_TRUE(first);
  const Fd waiting = connect_unix(path_);
  ASSERT_TRUE(waiting);
  EXPECT_EQ(listen().error().code, EADDRINUSE);
  EXPECT_TRUE(std::filesystem::exists(path_));
}

TEST_F(ListenUnix, LeavesWhatIsNoSocketAlone) {
  test::write(path_, "precious");
  EXPECT_EQ(fault_of(listen()), "listen on unix:web.sock: not a socket, left alone");
  EXPECT_EQ(test::content(path_), "precious");
}

TEST_F(ListenUnix, LeavesTheProcessesMaskAsItWas) {
  const mode_t before = ::umask(0022);
  ASSERT_TRUE(listen());
  EXPECT_EQ(::umask(before), 0022U);
}

TEST_F(ListenUnix, TakesTheLongestPathAndRefusesALongerOne) {
  path_ = directory_.path() + "/" + std::string(107 - directory_.path().size() - 1, 'x');
  const auto longest = listen();
  ASSERT_EQ(fault_of(longest), "");
  EXPECT_EQ(local_address(longest->get()), "unix:" + path_);
  path_ += "y";
  EXPECT_EQ(fault_of(listen()),
            "listen on unix:web.sock: the path is too long (107 bytes at most)");
}

}  // namespace
}  // namespace hupd::os
