#include "master/output.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/pipe.hpp"
#include "support/directory.hpp"

namespace hupd::master {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;

class OutputTest : public testing::Test {
 protected:
  OutputTest() {
    uv_loop_init(&loop_);
    auto pipe = os::output_pipe();
    writer_ = std::move(pipe->writer);
    reader_ = pipe->reader.get();
    output_ = std::make_unique<Output>(&loop_, std::move(pipe->reader), name_);
    static_cast<void>(log::process().configure({.file = directory_ / "log"}));
  }
  ~OutputTest() override {
    output_.reset();
    uv_run(&loop_, UV_RUN_NOWAIT);
    uv_loop_close(&loop_);
    static_cast<void>(log::process().configure({}));
  }

  void say(const std::string& text) {
    ASSERT_EQ(::write(writer_.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
    output_->catch_up();
  }
  // Lines of the log, each without its time and subject: "info  text".
  std::vector<std::string> logged() const {
    std::vector<std::string> lines;
    std::istringstream all(test::content(directory_ / "log"));
    const std::string subject = "app=web gen=5 worker=3 pid=812 ";
    for (std::string line; std::getline(all, line);) {
      line.erase(0, line.find(' ') + 1);
      const auto at = line.find(subject);
      lines.push_back(at == std::string::npos ? "no subject: " + line
                                              : line.erase(at, subject.size()));
    }
    return lines;
  }

  test::Directory directory_;
  uv_loop_t loop_;
  ChildName name_{"web", 5, 3, 812};
  os::Fd writer_;
  int reader_ = -1;  // the output's
  std::unique_ptr<Output> output_;
};

TEST_F(OutputTest, IsLoggedLineByLineUnderTheChildsName) {
  say("one\ntwo\n");
  EXPECT_THAT(logged(), ElementsAre("info  one", "info  two"));
}

TEST_F(OutputTest, WaitsForTheEndOfALine) {
  say("first ha");
  EXPECT_THAT(logged(), IsEmpty());
  say("lf\nsecond");
  EXPECT_THAT(logged(), ElementsAre("info  first half"));
}

TEST_F(OutputTest, DoesNotLoseALineThatWasNotEnded) {
  say("whole\nlast words");
  writer_.reset();
  output_->catch_up();
  output_->catch_up();
  EXPECT_THAT(logged(), ElementsAre("info  whole", "info  last words"));
}

TEST_F(OutputTest, TakesALevelFromAPriority) {
  say("<3>bad\n<4>odd\n<6>news\n<7>noise\nplain\n");
  EXPECT_THAT(logged(), ElementsAre("error bad", "warn  odd", "info  news", "info  plain"));
}

TEST_F(OutputTest, IsReadByTheLoop) {
  ASSERT_EQ(::write(writer_.get(), "one\n", 4), 4);
  uv_run(&loop_, UV_RUN_NOWAIT);
  EXPECT_THAT(logged(), ElementsAre("info  one"));
}

TEST_F(OutputTest, KeepsTheLastFiveLinesForAReason) {
  EXPECT_EQ(output_->last_words(), "");
  say("one\n");
  EXPECT_EQ(output_->last_words(), "\"one\"");
  say("two\nthree\nfour\nfive\nsix\n");
  EXPECT_EQ(output_->last_words(), R"("two" | "three" | "four" | "five" | "six")");
}

TEST_F(OutputTest, KeepsComplaintsOnlyAsLastWords) {
  say("<6>ready\n<4>odd\n<3>no database\nabort\n\n");
  EXPECT_EQ(output_->last_words(), R"("no database" | "abort")");
}

TEST_F(OutputTest, RelaysALongLineInPiecesAndLosesNothingOfIt) {
  const std::string text(100'000, 'x');
  for (const std::string end : {"\n", ""}) {  // one that ends, and one whose end has not come
    std::filesystem::resize_file(directory_ / "log", 0);
    say(text + end);
    if (end.empty()) say("\n");
    std::string together;
    for (const auto& line : logged()) {
      EXPECT_LE(line.size(), 9000U);
      together += line.substr(6);
    }
    EXPECT_EQ(together, text);
  }
}

TEST_F(OutputTest, OfAnEndlessLineIsNotKeptForEver) {
  for (int i = 0; i < 100; ++i) say(std::string(10'000, 'x'));
  EXPECT_GE(logged().size(), 100U);
}

TEST_F(OutputTest, IsReadToTheEndWhenAChildDied) {
  ASSERT_EQ(::fcntl(writer_.get(), F_SETFL, O_NONBLOCK), 0);
  const std::string line = std::string(4095, 'x') + "\n";
  while (::write(writer_.get(), line.data(), line.size()) > 0) {  // until the pipe is full
  }
  ASSERT_EQ(::read(reader_, std::string(line).data(), line.size()), 4096);
  ASSERT_EQ(::write(writer_.get(), "why it died\n", 12), 12);
  writer_.reset();
  output_->catch_up();
  EXPECT_THAT(output_->last_words(), EndsWith("\"why it died\""));
}

// Who reads the log is late, and many lines wait for it.
class LateLogReaderTest : public OutputTest {
 protected:
  LateLogReaderTest() {
    const std::string fifo = directory_ / "fifo";
    EXPECT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
    log_reader_ = os::Fd(::open(fifo.c_str(), O_RDONLY | O_NONBLOCK));
    EXPECT_TRUE(log::process().configure({.file = fifo}));
    for (int i = 0; i < 1000; ++i) log::write(log::Level::Info, {}, std::string(1000, 'x'));
  }

  int unread() const {
    int count = -1;
    ::ioctl(reader_, FIONREAD, &count);
    return count;
  }

  os::Fd log_reader_;
};

TEST_F(LateLogReaderTest, IsNotGivenMoreForAMoment) {
  ASSERT_EQ(::write(writer_.get(), "one\n", 4), 4);
  uv_run(&loop_, UV_RUN_NOWAIT);
  EXPECT_EQ(unread(), 4);

  std::string text;
  for (; log::process().waits(); log::process().flush()) {
    os::read_available(log_reader_.get(), text);
  }
  while (unread() > 0) uv_run(&loop_, UV_RUN_ONCE);
  os::read_available(log_reader_.get(), text);
  EXPECT_THAT(text, EndsWith(" one\n"));
}

TEST_F(LateLogReaderTest, DoesNotKeepAChildsLastWordsFromTheMaster) {
  say("why it died\n");
  EXPECT_EQ(output_->last_words(), "\"why it died\"");
}

}  // namespace
}  // namespace hupd::master
