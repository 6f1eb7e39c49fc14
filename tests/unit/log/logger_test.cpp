#include "log/logger.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <fcntl.h>
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

TEST_F(LoggerTest, GoesOnWithoutAFileIfItHasToUntilThereIsOne) {
  ASSERT_TRUE(logger_.configure({.file = path("log")}));
  const Options wanted{.file = path("d/log")};
  logger_.configure_anyway(wanted);
  logger_.write(Level::Info, {}, "here");
  EXPECT_THAT(content(path("log")), HasSubstr("error open log file " + path("d/log") +
                                              ": No such file or directory; going on without it"));
  EXPECT_THAT(content(path("log")), EndsWith("here\n"));
  EXPECT_FALSE(logger_.configure(wanted)) << "it is not taken for open";
  fs::create_directory(path("d"));
  ASSERT_TRUE(logger_.configure(wanted));
  logger_.write(Level::Info, {}, "there");
  EXPECT_THAT(content(path("d/log")), EndsWith("there\n"));
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

// A logger on a pipe in the place of standard error.
class PipedLoggerTest : public LoggerTest {
 protected:
  PipedLoggerTest() {
    signal(SIGPIPE, SIG_IGN);
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    reader_ = ends[0];
    fcntl(reader_, F_SETFL, O_NONBLOCK);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    piped_ = std::make_unique<Logger>();
    EXPECT_TRUE(piped_->configure({.journal = true}));  // lines without their time
  }
  ~PipedLoggerTest() override {
    dup2(kept_, STDERR_FILENO);
    for (const int fd : {kept_, reader_}) close(fd);
  }

  std::string read_all() const {
    std::string text, piece(64UL * 1024, ' ');
    for (ssize_t count; (count = read(reader_, piece.data(), piece.size())) > 0;) {
      text.append(piece, 0, static_cast<std::size_t>(count));
    }
    return text;
  }
  // Writes so much that the pipe and the backlog are full; how many lines it were.
  std::size_t overfill() const {
    std::size_t count = 0;
    for (; count < 3UL * 1024; ++count) piped_->write(Level::Info, {}, numbered(count));
    return count;
  }
  // All there is, as a reader gets it that reads again.
  std::string catch_up() const {
    std::string text;
    do {
      text += read_all();
      piped_->flush();
    } while (piped_->waits());
    return text + read_all();
  }
  static std::string numbered(std::size_t number) {
    return std::to_string(number) + " " + std::string(1000, 'x');
  }

  int kept_ = dup(STDERR_FILENO);
  int reader_ = -1;
  std::unique_ptr<Logger> piped_;
};

TEST_F(PipedLoggerTest, SpeaksTheJournalsLanguageOnStandardError) {
  piped_->write(Level::Error, {.app = "web"}, "x");
  EXPECT_EQ(read_all(), "<3>app=web x\n");
}

TEST_F(PipedLoggerTest, KeepsLinesForAReaderThatIsLate) {
  for (std::size_t i = 0; i < 500; ++i) piped_->write(Level::Info, {}, numbered(i));
  EXPECT_TRUE(piped_->waits());
  std::string expected;
  for (std::size_t i = 0; i < 500; ++i) expected += "<6>" + numbered(i) + "\n";
  EXPECT_EQ(catch_up(), expected);
}

TEST_F(PipedLoggerTest, DropsWhatIsTooMuchAndOwnsUpToItWithoutAnotherLine) {
  const std::size_t written = overfill();
  const std::string text = catch_up();
  std::size_t kept = 0;
  while (text.find("<6>" + numbered(kept) + "\n") != std::string::npos) ++kept;
  EXPECT_GT(kept, 1000U);
  EXPECT_LT(kept, written);
  EXPECT_THAT(text, EndsWith(numbered(kept - 1) + "\n<4>" + std::to_string(written - kept) +
                             " lines of log were dropped: the reader of standard error did not "
                             "keep up\n"));
}

TEST_F(PipedLoggerTest, TellsOfWhatWasDroppedInItsPlace) {
  overfill();
  const std::string before = catch_up();
  piped_->write(Level::Info, {}, "after");
  EXPECT_THAT(before, EndsWith("did not keep up\n"));
  EXPECT_EQ(read_all(), "<6>after\n");
}

TEST_F(PipedLoggerTest, AsksForAPauseWhileTheReaderMayCatchUpAndNotForEver) {
  EXPECT_FALSE(piped_->asks_for_pause());
  overfill();
  EXPECT_TRUE(piped_->asks_for_pause());
  const auto later = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  piped_->write(Level::Info, {}, "one more");
  EXPECT_FALSE(piped_->asks_for_pause(later));
  catch_up();
  EXPECT_FALSE(piped_->asks_for_pause());
  overfill();
  EXPECT_TRUE(piped_->asks_for_pause()) << "another congestion";
}

TEST_F(PipedLoggerTest, TakesWhatWaitsAlongToANewFile) {
  overfill();
  ASSERT_TRUE(piped_->configure({.file = path("log")}));
  piped_->write(Level::Info, {}, "moved");
  EXPECT_FALSE(piped_->waits());
  EXPECT_THAT(content(path("log")), StartsWith("<6>")) << "the line that was torn, whole";
  EXPECT_THAT(content(path("log")), HasSubstr(" did not keep up\n"));
  EXPECT_THAT(content(path("log")), EndsWith(" info  moved\n"));
}

TEST_F(PipedLoggerTest, EndsSoonWhenNobodyReads) {
  overfill();
  piped_->finish(std::chrono::milliseconds(20));  // and not never
  EXPECT_TRUE(piped_->waits());
}

TEST_F(PipedLoggerTest, EndsWithItsLastLineForAReaderThatIsSlow) {
  overfill();
  std::string text;
  std::thread reader([&] {
    while (text.find("did not keep up") == std::string::npos) text += read_all();
  });
  piped_->finish(std::chrono::minutes(1));
  reader.join();
  EXPECT_FALSE(piped_->waits());
}

TEST_F(PipedLoggerTest, SurvivesAReaderThatIsGone) {
  overfill();
  close(reader_);
  piped_->write(Level::Info, {}, "into the void");
  EXPECT_FALSE(piped_->waits());
  ASSERT_TRUE(piped_->configure({.file = path("log")}));
  piped_->write(Level::Info, {}, "back");
  EXPECT_THAT(content(path("log")), HasSubstr("lines that could not be written before this one: "));
  EXPECT_THAT(content(path("log")), EndsWith("back\n"));
}

// Lines of several processes on one standard error would mix otherwise.
TEST_F(LoggerTest, WritesALineWithOneCall) {
  int pair[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);  // a datagram a call
  const int kept = dup(STDERR_FILENO);
  dup2(pair[0], STDERR_FILENO);
  const std::string text(5000, 'x');
  Logger logger;
  ASSERT_TRUE(logger.configure({.journal = true}));
  logger.write(Level::Info, {}, text);
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
