#include "os/pid_file.hpp"

#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "support/child.hpp"
#include "support/directory.hpp"
#include "support/result.hpp"

namespace hupd::os {
namespace {

using test::fault_of;
using testing::HasSubstr;

class PidFileTest : public testing::Test {
 protected:
  test::Directory directory_;
  std::string path_ = directory_ / "hupd.pid";
  std::string own_ = std::to_string(::getpid());
};

TEST_F(PidFileTest, HoldsThePidForScripts) {
  const auto held = PidFile::create(path_);
  ASSERT_EQ(fault_of(held), "");
  EXPECT_EQ(test::content(path_), own_ + "\n");
}

TEST_F(PidFileTest, RefusesASecondHolderAndNamesTheFirst) {
  const auto held = PidFile::create(path_);
  ASSERT_TRUE(held);
  EXPECT_EQ(test::in_child([this] { return fault_of(PidFile::create(path_)); }),
            "pid file " + path_ + ": another hupd holds it (pid " + own_ + ")");
  EXPECT_EQ(test::content(path_), own_ + "\n") << "the one refused leaves the file alone";
}

TEST_F(PidFileTest, TakesOverWhatADeadHolderLeft) {
  ASSERT_EQ(test::in_child([this] {
              auto* kept = new std::optional(PidFile::create(path_));  // as after SIGKILL
              return kept->has_value() ? std::string() : "not created";
            }),
            "");
  ASSERT_TRUE(std::filesystem::exists(path_));
  const auto held = PidFile::create(path_);
  ASSERT_EQ(fault_of(held), "");
  EXPECT_EQ(test::content(path_), own_ + "\n");
}

TEST_F(PidFileTest, LeavesNothingOfALongerNumberBehind) {
  test::write(path_, "12345678901234567890\n");
  const auto held = PidFile::create(path_);
  ASSERT_TRUE(held);
  EXPECT_EQ(test::content(path_), own_ + "\n");
}

TEST_F(PidFileTest, IsRemovedAtTheEndOfItsLastOwner) {
  {
    auto held = PidFile::create(path_);
    ASSERT_TRUE(held);
    PidFile moved = std::move(*held);
    PidFile assigned;
    assigned = std::move(moved);
    EXPECT_TRUE(std::filesystem::exists(path_));
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(PidFileTest, LeavesAnothersFileInItsPlaceAlone) {
  {
    const auto held = PidFile::create(path_);
    ASSERT_TRUE(held);
    ::unlink(path_.c_str());
    test::write(path_, "the next master's");
  }
  EXPECT_EQ(test::content(path_), "the next master's");
}

TEST_F(PidFileTest, FollowsNoSymbolicLink) {
  test::write(directory_ / "precious", "content");
  std::filesystem::create_symlink(directory_ / "precious", path_);
  EXPECT_THAT(fault_of(PidFile::create(path_)), HasSubstr("open pid file " + path_));
  EXPECT_EQ(test::content(directory_ / "precious"), "content");
}

TEST_F(PidFileTest, SaysWhichFileCouldNotBeMade) {
  const std::string missing = directory_ / "missing/hupd.pid";
  EXPECT_EQ(fault_of(PidFile::create(missing)),
            "open pid file " + missing + ": No such file or directory");
}

}  // namespace
}  // namespace hupd::os
