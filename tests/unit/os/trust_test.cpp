#include "os/trust.hpp"

#include <utility>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "os/memory.hpp"
#include "support/directory.hpp"
#include "support/result.hpp"

namespace hupd::os {
namespace {

using test::fault_of;
using testing::HasSubstr;
using testing::StartsWith;

constexpr uid_t deploy = 54321;
constexpr gid_t deployers = 54322;

class TrustTest : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root trusts nobody";
    make("srv");
    make("srv/web");
    file_ = directory_ / "srv/web/libweb.so";
    test::write(file_, "library");
    set(file_, 0644);
  }
  void make(const std::string& name) {
    ASSERT_EQ(::mkdir((directory_ / name).c_str(), 0755), 0);
    set(directory_ / name, 0755);
  }
  static void set(const std::string& path, mode_t mode, uid_t user = 0, gid_t group = 0) {
    ASSERT_EQ(::lchown(path.c_str(), user, group), 0);
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
  }
  std::string fault() const { return fault_of(open_trusted(file_, trust_)); }

  test::Directory directory_;
  std::string file_;
  Trust trust_;
};

TEST_F(TrustTest, IsInWhatIsRootsAlone) {
  const auto file = open_trusted(file_, trust_);
  ASSERT_EQ(fault_of(file), "");
  EXPECT_EQ(read_whole(file->get()).value(), "library");
}

TEST_F(TrustTest, IsNotInAFileOfAnotherUserButOfOneWhoIsTrusted) {
  set(file_, 0644, deploy);
  EXPECT_EQ(fault(), file_ + " belongs to 54321, who could change what root runs: chown root " +
                         file_ + ", or name 54321 in trusted_users");
  trust_.users = {deploy};
  EXPECT_EQ(fault(), "");
}

TEST_F(TrustTest, IsNotInAFileThatOthersMayWrite) {
  set(file_, 0646);
  EXPECT_EQ(fault(), file_ +
                         " can be written to by everybody, who could change what root runs: "
                         "chmod o-w " +
                         file_);
  set(file_, 0664, 0, deployers);
  EXPECT_THAT(fault(), HasSubstr("by group 54322"));
  EXPECT_THAT(fault(), HasSubstr("chmod g-w " + file_ + ", or name 54322 in trusted_groups"));
  trust_.groups = {deployers};
  EXPECT_EQ(fault(), "");
}

TEST_F(TrustTest, IsNotInWhatOthersMayPutInItsPlaceAtAnyHeight) {
  for (const char* name : {"srv/web", "srv"}) {
    const std::string above = directory_ / name;
    set(above, 0755, deploy);
    EXPECT_THAT(fault(), StartsWith(above + " belongs to 54321"));
    set(above, 0777);
    EXPECT_THAT(fault(), StartsWith(above + " can be written to by everybody"));
    set(above, 0775, 0, deployers);
    EXPECT_THAT(fault(), StartsWith(above + " can be written to by group 54322"));
    set(above, 01777);
    EXPECT_EQ(fault(), "") << "sticky: nobody renames what is not his";
    set(above, 0755);
  }
}

TEST_F(TrustTest, IsNotInALinkOfAnotherUserThoughItLeadsToRootsOwn) {
  const std::string link = directory_ / "current";
  ASSERT_EQ(::symlink("srv/./web/../web", link.c_str()), 0);
  file_ = link + "/libweb.so";
  EXPECT_EQ(fault(), "");
  ASSERT_EQ(::lchown(link.c_str(), deploy, 0), 0);
  EXPECT_THAT(fault(), StartsWith(link + " belongs to 54321"));
  ASSERT_EQ(::lchown(link.c_str(), 0, 0), 0);
  set(directory_ / "srv/web", 0757);
  EXPECT_THAT(fault(), StartsWith(directory_ / "srv/web can be written to"));
}

TEST_F(TrustTest, FollowsAnAbsoluteLinkToTheFileAndExaminesThatWay) {
  const std::string real = std::exchange(file_, directory_ / "libweb.so");
  ASSERT_EQ(::symlink(real.c_str(), file_.c_str()), 0);
  EXPECT_EQ(fault(), "");
  set(directory_ / "srv", 0777);
  EXPECT_THAT(fault(), StartsWith(directory_ / "srv can be written to"));
}

TEST_F(TrustTest, OpensNothingButFilesAndNoLinkWithoutAnEnd) {
  file_ = directory_ / "srv/web";
  EXPECT_EQ(fault(), file_ + ": not a regular file");
  file_ = directory_ / "fifo";
  ASSERT_EQ(::mkfifo(file_.c_str(), 0600), 0);
  EXPECT_EQ(fault(), file_ + ": not a regular file");
  file_ = directory_ / "loop";
  ASSERT_EQ(::symlink("loop", file_.c_str()), 0);
  EXPECT_THAT(fault(), HasSubstr("Too many levels of symbolic links"));
  file_ = directory_ / "missing";
  EXPECT_EQ(fault(), "open " + file_ + ": No such file or directory");
  file_ = "/";
  EXPECT_EQ(fault(), "/: not a regular file");
}

TEST_F(TrustTest, OfEverybodyExaminesNothing) {
  set(file_, 0666, deploy);
  trust_ = Trust::of_everybody();
  EXPECT_EQ(fault(), "");
  file_ = directory_ / "srv";
  EXPECT_EQ(fault(), file_ + ": not a regular file");
}

TEST_F(TrustTest, OfRootIsInThoseWhoAreNamed) {
  const auto trust = Trust::of_root({"54321", "root"}, {"54322"});
  ASSERT_EQ(fault_of(trust), "");
  EXPECT_EQ(trust->users, (std::vector<std::uint32_t>{54321, 0}));
  EXPECT_EQ(trust->groups, std::vector<std::uint32_t>{54322});
  EXPECT_EQ(fault_of(Trust::of_root({"no-such"}, {})), "user no-such: there is no such user");
}

}  // namespace
}  // namespace hupd::os
