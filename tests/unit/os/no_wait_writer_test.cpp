#include "os/no_wait_writer.hpp"

#include <array>
#include <climits>
#include <cstdlib>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/directory.hpp"
#include "support/result.hpp"

namespace hupd::os {
namespace {

struct Pair {
  Fd reader, writer;  // both blocking, as a shell makes them
};

Pair make_pipe() {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  return {Fd(ends[0]), Fd(ends[1])};
}

Pair make_socket_pair() {
  std::array<int, 2> ends{};
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  return {Fd(ends[0]), Fd(ends[1])};
}

Pair make_terminal() {
  Pair pair{Fd(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)), Fd()};
  EXPECT_EQ(::grantpt(pair.reader.get()), 0);
  EXPECT_EQ(::unlockpt(pair.reader.get()), 0);
  pair.writer = Fd(::open(::ptsname(pair.reader.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
  return pair;
}

struct Case {
  const char* name;
  Pair (*make)();
  NoWaitWriter (*writer)(int);
};

class NoWaitWriterTest : public testing::TestWithParam<Case> {
 protected:
  // Writes until nothing is taken; a writer that waits never comes back from it.
  std::size_t fill(const NoWaitWriter& writer) const {
    std::size_t total = 0;
    for (;;) {
      const auto taken = writer.write(line_);
      EXPECT_TRUE(taken) << taken.error().text;
      if (!taken || *taken == 0) return total;
      total += *taken;
    }
  }
  void empty() const {
    std::array<char, 64 * 1024> buffer;
    ::fcntl(pair_.reader.get(), F_SETFL, O_NONBLOCK);
    while (::read(pair_.reader.get(), buffer.data(), buffer.size()) > 0) {
    }
  }

  Pair pair_ = GetParam().make();
  NoWaitWriter writer_ = GetParam().writer(pair_.writer.get());
  std::string line_ = std::string(199, 'x') + "\n";
};

TEST_P(NoWaitWriterTest, DoesNotWaitForAReaderAndGoesOnWhenItReads) {
  EXPECT_GT(fill(writer_), 1000U);
  EXPECT_EQ(*writer_.write(line_), 0U);
  empty();
  EXPECT_EQ(*writer_.write(line_), line_.size());
}

TEST_P(NoWaitWriterTest, TakesPartOfWhatIsLong) {
  const std::string text(8UL * 1024 * 1024, 'x');
  const auto taken = writer_.write(text);
  ASSERT_TRUE(taken);
  EXPECT_GT(*taken, 0U);
  EXPECT_LT(*taken, text.size());
}

TEST_P(NoWaitWriterTest, LeavesTheDescriptionAsItWasForThoseWhoShareIt) {
  fill(writer_);
  EXPECT_EQ(::fcntl(pair_.writer.get(), F_GETFL) & O_NONBLOCK, 0);
}

TEST_P(NoWaitWriterTest, TellsOfAReaderThatIsGone) {
  ::signal(SIGPIPE, SIG_IGN);
  pair_.reader.reset();
  EXPECT_FALSE(writer_.write(line_));
}

INSTANTIATE_TEST_SUITE_P(Each, NoWaitWriterTest,
                         testing::Values(Case{"pipe", make_pipe, &NoWaitWriter::on},
                                         Case{"shared_pipe", make_pipe, &NoWaitWriter::on_shared},
                                         Case{"socket", make_socket_pair, &NoWaitWriter::on},
                                         Case{"terminal", make_terminal, &NoWaitWriter::on}),
                         [](const auto& one) { return std::string(one.param.name); });

// Another program that fills the pipe between poll() and write() would make it wait.
TEST(NoWaitWriter, HasADescriptionOfItsOwnOfAPipe) {
  const Pair pipe = make_pipe();
  const auto writer = NoWaitWriter::on(pipe.writer.get());
  const std::string text(PIPE_BUF + 1, 'x');
  EXPECT_EQ(*writer.write(text), text.size());
  const Pair other = make_pipe();
  EXPECT_EQ(*NoWaitWriter::on_shared(other.writer.get()).write(text), std::size_t{PIPE_BUF});
}

TEST(NoWaitWriter, AppendsToAFile) {
  const test::Directory directory;
  test::write(directory / "log", "before\n");
  const auto writer = NoWaitWriter::append_to(directory / "log");
  ASSERT_TRUE(writer);
  EXPECT_EQ(*writer->write("after\n"), 6U);
  EXPECT_EQ(test::content(directory / "log"), "before\nafter\n");
}

TEST(NoWaitWriter, DoesNotWaitForSomebodyToOpenAFifo) {
  const test::Directory directory;
  ASSERT_EQ(::mkfifo((directory / "log").c_str(), 0600), 0);
  EXPECT_EQ(test::fault_of(NoWaitWriter::append_to(directory / "log")),
            "open log file " + (directory / "log") + ": No such device or address");
  const Fd reader(::open((directory / "log").c_str(), O_RDONLY | O_NONBLOCK));
  EXPECT_TRUE(NoWaitWriter::append_to(directory / "log"));
}

TEST(NoWaitWriter, TellsOfAClosedDescriptor) {
  Pair pipe = make_pipe();
  const int closed = pipe.writer.get();
  pipe.writer.reset();
  EXPECT_FALSE(NoWaitWriter::on(closed).write("x"));
}

}  // namespace
}  // namespace hupd::os
