#include "os/runtime_dir.hpp"

#include <cstdlib>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <unistd.h>

#include "support/child.hpp"
#include "support/directory.hpp"
#include "support/result.hpp"

namespace hupd::os {
namespace {

namespace fs = std::filesystem;
using test::fault_of;
using testing::HasSubstr;
using testing::StartsWith;

class RuntimeDirTest : public testing::Test {
 protected:
  test::Directory directory_;
  std::string place_ = directory_ / "hupd";
};

TEST_F(RuntimeDirTest, IsThisMastersOwnAndIsRemovedAtTheEnd) {
  std::string path;
  {
    const auto made = RuntimeDir::create(place_);
    ASSERT_EQ(fault_of(made), "");
    path = made->path();
    EXPECT_THAT(path, StartsWith(place_ + "/master-" + std::to_string(::getpid())));
    EXPECT_EQ(test::mode_of(path), 0711U);
    fs::create_directories(path + "/generation/1");
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(RuntimeDirTest, RemovesWhatDeadMastersLeft) {
  fs::create_directories(place_ + "/master-1/generation");
  test::write(place_ + "/master-1/generation/copy", "");
  fs::create_directories(place_ + "/master-" + std::to_string(::getpid()));  // of this very pid
  const auto made = RuntimeDir::create(place_);
  ASSERT_EQ(fault_of(made), "");
  EXPECT_FALSE(fs::exists(place_ + "/master-1"));
  EXPECT_TRUE(fs::exists(made->path()));
}

TEST_F(RuntimeDirTest, LeavesLivingMastersAndForeignFilesAlone) {
  const std::string living = place_ + "/master-1";
  fs::create_directories(living + "/generation");
  fs::create_directories(place_ + "/somebody-elses");
  const Fd lock(::open(living.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  ASSERT_EQ(::flock(lock.get(), LOCK_EX), 0);
  const auto made = RuntimeDir::create(place_);
  ASSERT_EQ(fault_of(made), "");
  EXPECT_TRUE(fs::exists(living + "/generation"));
  EXPECT_TRUE(fs::exists(place_ + "/somebody-elses"));
}

// Two containers that share the place may well have masters of the same pid.
TEST_F(RuntimeDirTest, LeavesALivingMasterOfTheSamePidAlone) {
  const auto first = RuntimeDir::create(place_);
  ASSERT_EQ(fault_of(first), "");
  test::write(first->path() + "/copy", "in use");
  const auto second = RuntimeDir::create(place_);
  ASSERT_EQ(fault_of(second), "");
  EXPECT_NE(first->path(), second->path());
  EXPECT_EQ(test::content(first->path() + "/copy"), "in use");
}

TEST_F(RuntimeDirTest, IsMadeAnewWhenSomebodyHasDeletedIt) {
  auto made = RuntimeDir::create(place_);
  ASSERT_EQ(fault_of(made), "");
  test::write(made->path() + "/copy", "in use");
  EXPECT_EQ(made->ensured().value(), made->path());
  EXPECT_EQ(test::content(made->path() + "/copy"), "in use");
  fs::remove_all(place_);
  EXPECT_EQ(made->ensured().value(), made->path());
  EXPECT_TRUE(fs::exists(made->path()));
  EXPECT_EQ(made->ensured().value(), made->path());
}

TEST_F(RuntimeDirTest, SaysWhereItTriedAndWhatWasWrong) {
  test::write(place_, "a file");
  EXPECT_EQ(fault_of(RuntimeDir::create(place_ + "/below")),
            "no directory for private copies of libraries: create directory " + place_ +
                "/below: Not a directory (set master.runtime_dir)");
}

TEST_F(RuntimeDirTest, RefusesAPlaceWhereOthersCouldExchangeTheCopies) {
  fs::create_directories(place_);
  ASSERT_EQ(::chmod(place_.c_str(), 0777), 0);
  EXPECT_EQ(fault_of(RuntimeDir::create(place_)),
            "no directory for private copies of libraries: use " + place_ +
                ": everybody can write there (set master.runtime_dir)");
  ASSERT_EQ(::chmod(place_.c_str(), 01777), 0);
  EXPECT_EQ(fault_of(RuntimeDir::create(place_)), "") << "as in /tmp, nobody renames another's";
}

TEST_F(RuntimeDirTest, RefusesAPlaceThatIsAnotherUsers) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a directory away";
  fs::create_directories(place_);
  ASSERT_EQ(::chown(place_.c_str(), 54321, 54321), 0);
  EXPECT_THAT(fault_of(RuntimeDir::create(place_)), HasSubstr(": it is another user's"));
}

TEST_F(RuntimeDirTest, FollowsNoLinkThatSomebodyPutInItsWay) {
  fs::create_directories(place_);
  fs::create_directories(directory_ / "precious");
  test::write(directory_ / "precious/file", "");
  fs::create_symlink(directory_ / "precious", place_ + "/master-1");
  fs::create_directories(place_ + "/master-2");
  fs::create_symlink(directory_ / "precious", place_ + "/master-2/link");
  ASSERT_EQ(fault_of(RuntimeDir::create(place_)), "");
  EXPECT_FALSE(fs::exists(place_ + "/master-2"));
  EXPECT_TRUE(fs::exists(directory_ / "precious/file"));
}

TEST_F(RuntimeDirTest, TakesWhatSystemdMadeForTheUnitFirst) {
  EXPECT_EQ(test::in_child([this] {
              ::setenv("RUNTIME_DIRECTORY", (place_ + ":/elsewhere").c_str(), 1);
              const auto made = RuntimeDir::create("");
              return made ? fs::path(made->path()).parent_path().string() : made.error().text;
            }),
            place_);
}

// A private mount namespace with `path` on it that runs no code; what is wrong, if it cannot be.
std::string mount_noexec(const std::string& path) {
  fs::create_directories(path);
  if (::unshare(CLONE_NEWNS) != 0) return "skip: no mount namespace";
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("tmpfs", path.c_str(), "tmpfs", MS_NOEXEC, nullptr) != 0) {
    return "skip: cannot mount";
  }
  return "";
}

TEST_F(RuntimeDirTest, PassesOverAPlaceThatRunsNoCode) {
  const std::string said = test::in_child([this] {
    if (auto skip = mount_noexec(place_); !skip.empty()) return skip;
    ::setenv("RUNTIME_DIRECTORY", place_.c_str(), 1);
    ::setenv("STATE_DIRECTORY", (directory_ / "state").c_str(), 1);
    const auto made = RuntimeDir::create("");
    if (!fs::is_empty(place_)) return std::string("something was left where no code runs");
    return made ? fs::path(made->path()).parent_path().string() : made.error().text;
  });
  if (said.starts_with("skip: ")) GTEST_SKIP() << said;
  EXPECT_EQ(said, directory_ / "state");
}

TEST_F(RuntimeDirTest, RefusesAConfiguredPlaceThatRunsNoCode) {
  const std::string said = test::in_child([this] {
    if (auto skip = mount_noexec(place_); !skip.empty()) return skip;
    return fault_of(RuntimeDir::create(place_));
  });
  if (said.starts_with("skip: ")) GTEST_SKIP() << said;
  EXPECT_THAT(said, HasSubstr("(mounted noexec?)"));
}

}  // namespace
}  // namespace hupd::os
