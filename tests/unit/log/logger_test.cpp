#include "log/logger.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hupd::log {
namespace {

namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class LoggerTest : public testing::Test {
 protected:
  LoggerTest() { fs::create_directories(directory_); }
  ~LoggerTest() override { fs::remove_all(directory_); }

  std::string path(const std::string& name) const { return (directory_ / name).string(); }
  static std::string content(const std::string& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
  }

  fs::path directory_ = fs::path(testing::TempDir()) / ("hupd-log-" + std::to_string(getpid()));
  Logger logger_;
};

TEST_F(LoggerTest, AppendsToItsFile) {
  std::ofstream(path("log")) << "before\n";
  ASSERT_TRUE(logger_.configure({.file = path("log")}));
  logger_.write(Level::Info, {.app = "web"}, "ready");
  EXPECT_THAT(content(path("log")), StartsWith("before\n"));
  EXPECT_THAT(content(path("log")), EndsWith(" info  app=web ready\n"));
}

TEST_F(LoggerTest, DropsWhatIsBelowItsLevel) {
  ASSERT_TRUE(logger_.configure({.least = Level::Warning, .file = path("log")}));
  logger_.write(Level::Info, {}, "quiet");
  EXPECT_EQ(content(path("log")), "");
  EXPECT_FALSE(logger_.enabled(Level::Info));
  logger_.write(Level::Warning, {}, "loud");
  EXPECT_THAT(content(path("log")), EndsWith("loud\n"));
}

TEST_F(LoggerTest, ReopensAFileThatWasRenamedAway) {
  ASSERT_TRUE(logger_.configure({.file = path("log")}));
  logger_.write(Level::Info, {}, "one");
  fs::rename(path("log"), path("log.1"));
  logger_.write(Level::Info, {}, "two");
  logger_.reopen();
  logger_.write(Level::Info, {}, "three");
  EXPECT_THAT(content(path("log.1")), EndsWith("two\n"));
  EXPECT_THAT(content(path("log")), EndsWith(" info  three\n"));
  EXPECT_THAT(content(path("log")), testing::Not(HasSubstr("two")));
}

TEST_F(LoggerTest, KeepsTheOldFileAndSaysSoWhenTheNewOneCannotBeOpened) {
  fs::create_directory(path("d"));
  ASSERT_TRUE(logger_.configure({.file = path("d/log")}));
  fs::rename(path("d"), path("e"));
  logger_.reopen();
  logger_.write(Level::Info, {}, "still here");
  EXPECT_THAT(content(path("e/log")), HasSubstr("error open log file " + path("d/log") +
                                                ": No such file or directory; going on"));
  EXPECT_THAT(content(path("e/log")), EndsWith("still here\n"));
}

TEST_F(LoggerTest, RefusesAFileThatCannotBeOpenedAndChangesNothing) {
  ASSERT_TRUE(logger_.configure({.file = path("log")}));
  const auto result = logger_.configure({.least = Level::Error, .file = path("no/log")});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error(), "open log file " + path("no/log") + ": No such file or directory");
  logger_.write(Level::Info, {}, "as before");
  EXPECT_THAT(content(path("log")), EndsWith("as before\n"));
}

TEST_F(LoggerTest, SurvivesAFullDiskAndOwnsUpToTheLoss) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  fs::create_symlink("/dev/full", path("log"));
  ASSERT_TRUE(logger_.configure({.file = path("log")}));
  logger_.write(Level::Info, {}, "lost");
  logger_.write(Level::Info, {}, "lost too");
  fs::remove(path("log"));
  logger_.reopen();
  logger_.write(Level::Info, {}, "written");
  EXPECT_THAT(content(path("log")),
              HasSubstr("warn  lines that could not be written before this one: 2\n"));
  EXPECT_THAT(content(path("log")), EndsWith("info  written\n"));
}

TEST_F(LoggerTest, WritesJsonToAFileAndNeverTheJournalsPrefix) {
  ASSERT_TRUE(logger_.configure({.format = Format::Json, .file = path("json"), .journal = true}));
  logger_.write(Level::Info, {}, "x");
  EXPECT_THAT(content(path("json")), StartsWith("{\"time\":\"20"));
  ASSERT_TRUE(logger_.configure({.file = path("text"), .journal = true}));
  logger_.write(Level::Info, {}, "x");
  EXPECT_THAT(content(path("text")), StartsWith("20"));
}

TEST_F(LoggerTest, SpeaksTheJournalsLanguageOnStandardError) {
  ASSERT_TRUE(logger_.configure({.journal = true}));
  testing::internal::CaptureStderr();
  logger_.write(Level::Error, {.app = "web"}, "x");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "<3>app=web x\n");
}

TEST_F(LoggerTest, SurvivesAClosedStandardError) {
  const int kept = dup(STDERR_FILENO);
  close(STDERR_FILENO);
  logger_.write(Level::Error, {}, "into the void");
  dup2(kept, STDERR_FILENO);
  close(kept);
  testing::internal::CaptureStderr();
  logger_.write(Level::Info, {}, "back");
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("before this one: 1\n"));
}

// Lines of several processes on one standard error would mix otherwise.
TEST_F(LoggerTest, WritesALineWithOneCall) {
  int pair[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);  // a datagram a call
  const int kept = dup(STDERR_FILENO);
  dup2(pair[0], STDERR_FILENO);
  const std::string text(5000, 'x');
  ASSERT_TRUE(logger_.configure({.journal = true}));
  logger_.write(Level::Info, {}, text);
  dup2(kept, STDERR_FILENO);
  std::string received(10'000, ' ');
  const ssize_t count = recv(pair[1], received.data(), received.size(), MSG_DONTWAIT);
  EXPECT_EQ(count, static_cast<ssize_t>(text.size() + 4));
  for (const int fd : {kept, pair[0], pair[1]}) close(fd);
}

TEST_F(LoggerTest, KeepsItsFileFromChildren) {
  ASSERT_TRUE(logger_.configure({.file = path("log")}));
  const std::string command = "ls -l /proc/self/fd | grep -q " + path("log");
  EXPECT_NE(std::system(command.c_str()), 0);  // a child that executes a program has it not
}

}  // namespace
}  // namespace hupd::log
