#include "os/files.hpp"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "os/clock.hpp"
#include "support/directory.hpp"
#include "support/result.hpp"

namespace hupd::os {
namespace {

using std::chrono::seconds;
using test::fault_of;
using testing::HasSubstr;

class CopyTest : public testing::Test {
 protected:
  CopyTest() { test::write(from_, "the library"); }

  // Copies a large file again and again while `change` is at work on it, until a copy is refused:
  // whether a certain copy meets a change is the scheduler's business.
  std::string fault_while(const std::function<void()>& change) {
    constexpr std::uintmax_t large = 32U << 20U;
    std::filesystem::resize_file(from_, large);
    std::atomic<bool> done = false;
    std::thread writer([&] {
      while (!done) change();
    });
    std::string fault;
    for (const auto end = monotonic_now() + seconds(30); fault.empty() && monotonic_now() < end;) {
      std::filesystem::remove(to_);
      fault = fault_of(copy_stable(from_, to_));
    }
    done = true;
    writer.join();
    return fault;
  }

  test::Directory directory_;
  std::string from_ = directory_ / "from";
  std::string to_ = directory_ / "to";
};

TEST_F(CopyTest, HasTheSameBytesAndMayBeReadAndRunButNotWritten) {
  ASSERT_EQ(fault_of(copy_stable(from_, to_)), "");
  EXPECT_EQ(test::content(to_), "the library");
  EXPECT_EQ(test::mode_of(to_), 0555U);
}

TEST_F(CopyTest, DoesNotShareTheBytesOfTheOriginal) {
  ASSERT_TRUE(copy_stable(from_, to_));
  test::write(from_, "something else");
  EXPECT_EQ(test::content(to_), "the library");
}

TEST_F(CopyTest, NoticesAWriterThatAppends) {
  EXPECT_THAT(fault_while([this] { std::ofstream(from_, std::ios::app) << 'x'; }),
              HasSubstr("copy " + from_ + ": it changed while it was copied"));
}

TEST_F(CopyTest, NoticesAFileThatReplacesTheOriginal) {
  EXPECT_THAT(fault_while([this] {
                const std::string next = directory_ / "next";
                test::write(next, "");
                std::filesystem::resize_file(next, std::filesystem::file_size(from_));
                std::filesystem::rename(next, from_);
              }),
              HasSubstr("another file took its place"));
}

TEST_F(CopyTest, NoticesAFileThatIsCut) {
  EXPECT_THAT(fault_while([this] {
                std::filesystem::resize_file(from_, 1);
                std::filesystem::resize_file(from_, 32U << 20U);
              }),
              HasSubstr("while it was copied"));
}

TEST_F(CopyTest, OverwritesNothing) {
  test::write(to_, "old");
  EXPECT_EQ(fault_of(copy_stable(from_, to_)), "create " + to_ + ": File exists");
  EXPECT_EQ(test::content(to_), "old");
}

TEST_F(CopyTest, RefusesWhatIsNoRegularFileAndWaitsForNobody) {
  const std::string fifo = directory_ / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_EQ(fault_of(copy_stable(fifo, to_)), "copy " + fifo + ": not a regular file");
  EXPECT_EQ(fault_of(copy_stable(directory_ / "none", to_)),
            "copy " + (directory_ / "none") + ": No such file or directory");
}

TEST(Directories, OfOnesOwnBeginEmptyAndArePrivate) {
  const test::Directory directory;
  const std::string own = directory / "own";
  ASSERT_TRUE(make_directories(own + "/deep"));
  test::write(own + "/left", "over");
  ASSERT_TRUE(make_private_directory(own));
  EXPECT_TRUE(std::filesystem::is_empty(own));
  EXPECT_EQ(test::mode_of(own), 0700U);
}

TEST(Directories, CanBePassedThroughWithoutBeingListed) {
  const test::Directory directory;
  ASSERT_TRUE(let_through(directory.path()));
  EXPECT_EQ(test::mode_of(directory.path()), 0711U);
  ASSERT_TRUE(let_group_in(directory.path(), ::getegid()));
  EXPECT_EQ(test::mode_of(directory.path()), 0710U);
}

}  // namespace
}  // namespace hupd::os
