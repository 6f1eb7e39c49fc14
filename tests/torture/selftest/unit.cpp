// The parts that decide: response reader, histogram, classification, addresses, generations.
#include <cerrno>
#include <cstdint>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "address.hpp"
#include "failure.hpp"
#include "generations.hpp"
#include "histogram.hpp"
#include "response.hpp"

namespace hupd::torture {
namespace {

using namespace std::chrono_literals;

// Fed whole and byte by byte, which must not differ.
ResponseReader read(std::string_view bytes) {
  ResponseReader whole, slow;
  const std::size_t used = whole.feed(bytes);
  std::size_t used_slowly = 0;
  for (const char& byte : bytes) used_slowly += slow.feed({&byte, 1});
  EXPECT_EQ(used, used_slowly) << bytes;
  EXPECT_EQ(whole.done(), slow.done()) << bytes;
  EXPECT_EQ(whole.malformed(), slow.malformed()) << bytes;
  EXPECT_EQ(whole.response().body, slow.response().body) << bytes;
  return whole;
}

TEST(ResponseReader, ReadsABodyByItsLengthAndLeavesTheRest) {
  const std::string_view bytes =
      "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nX-A:  b \r\n\r\nhelloHTTP/1";
  const ResponseReader reader = read(bytes);
  ASSERT_TRUE(reader.done()) << reader.reason();
  EXPECT_EQ(reader.response().status, 200);
  EXPECT_EQ(reader.response().body, "hello");
  EXPECT_EQ(reader.response().header("x-a"), "b");
  EXPECT_EQ(reader.response().header("x"), "");
  EXPECT_FALSE(reader.response().close);
  ResponseReader again;
  EXPECT_EQ(again.feed(bytes), bytes.size() - 6);
}

TEST(ResponseReader, ReadsChunksWithExtensionsAndTrailers) {
  const ResponseReader reader = read(
      "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\nA\r\n0123456789\r\n0\r\n"
      "Trailer: x\r\n\r\n");
  ASSERT_TRUE(reader.done()) << reader.reason();
  EXPECT_EQ(reader.response().body, "hello0123456789");
}

TEST(ResponseReader, ReadsABodyThatEndsWithTheConnection) {
  ResponseReader reader = read("HTTP/1.0 200 OK\r\n\r\nhello");
  EXPECT_FALSE(reader.done());
  EXPECT_TRUE(reader.finish());
  EXPECT_TRUE(reader.response().close);
  ResponseReader cut = read("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello");
  EXPECT_FALSE(cut.finish());
}

TEST(ResponseReader, DropsInterimResponsesAndKnowsBodilessOnes) {
  EXPECT_EQ(read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n").response().status,
            204);
  EXPECT_TRUE(read("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n").done());
  EXPECT_TRUE(read("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").done());
}

TEST(ResponseReader, KnowsWhenTheServerWillClose) {
  const auto closes = [](const std::string& head) {
    return read(head + "\r\nContent-Length: 0\r\n\r\n").response().close;
  };
  EXPECT_TRUE(closes("HTTP/1.1 200 OK\r\nConnection: upgrade, Close"));
  EXPECT_TRUE(closes("HTTP/1.0 200 OK"));
  EXPECT_FALSE(closes("HTTP/1.0 200 OK\r\nConnection: keep-alive"));
  EXPECT_FALSE(closes("HTTP/1.1 200 OK\r\nConnection: closed"));
}

TEST(ResponseReader, RefusesWhatALenientClientWouldForgive) {
  for (const char* bytes :
       {"hello\r\n", "HTTP/1.1 20 OK\r\n", "HTTP/1.1 2000 OK\r\n", "HTTP/2 200\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 0\n\n", "HTTP/1.1 200 OK\r\nno colon\r\n",
        "HTTP/1.1 200 OK\r\nA : b\r\n", "HTTP/1.1 200 OK\r\n folded: b\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n", "HTTP/1.1 200 OK\r\nContent-Length: \r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n"}) {
    EXPECT_TRUE(read(bytes).malformed()) << bytes;
  }
}

TEST(Histogram, IsExactBelow64AndWithinTwoPerCentAbove) {
  Histogram small;
  for (std::uint64_t value = 1; value <= 50; ++value) small.add(value);
  EXPECT_EQ(small.percentile(50), 25u);
  EXPECT_EQ(small.percentile(100), 50u);

  Histogram large;
  for (std::uint64_t value = 1; value <= 100'000; ++value) large.add(value);
  for (const double percent : {1.0, 50.0, 90.0, 99.0, 99.9}) {
    const double truth = 1000 * percent;
    EXPECT_GE(static_cast<double>(large.percentile(percent)), truth);
    EXPECT_LE(static_cast<double>(large.percentile(percent)), truth * 1.016);
  }
  EXPECT_EQ(large.max(), 100'000u);
  EXPECT_EQ(large.percentile(100), 100'000u);
}

TEST(Histogram, TakesAnyValueAndNone) {
  Histogram histogram;
  EXPECT_EQ(histogram.percentile(99), 0u);
  histogram.add(0);
  EXPECT_EQ(histogram.percentile(99), 0u);
  histogram.add(~std::uint64_t{0});
  EXPECT_EQ(histogram.percentile(100), ~std::uint64_t{0});
}

TEST(Classification, FollowsMomentAndEnd) {
  const struct {
    Moment moment;
    End end;
    Failure failure;
  } table[] = {
      {Moment::Connecting, End::Refused, Failure::ConnectRefused},
      {Moment::Connecting, End::Reset, Failure::ConnectReset},
      {Moment::Connecting, End::TimedOut, Failure::ConnectTimeout},
      {Moment::FirstRequest, End::EndOfFile, Failure::ClosedWithoutResponse},
      {Moment::FirstRequest, End::Reset, Failure::ResetBeforeResponse},
      {Moment::LaterRequest, End::EndOfFile, Failure::KeepAliveRace},
      {Moment::LaterRequest, End::Reset, Failure::KeepAliveRace},
      {Moment::Responding, End::EndOfFile, Failure::ResponseCut},
      {Moment::Responding, End::Reset, Failure::ResetWithinResponse},
      {Moment::Answered, End::Reset, Failure::ResetAfterResponse},
      {Moment::Idle, End::Reset, Failure::ResetWhileIdle},
      {Moment::Idle, End::TimedOut, Failure::TimedOut},
      {Moment::Connecting, End::Local, Failure::ClientTrouble},
  };
  for (const auto& [moment, end, failure] : table) EXPECT_EQ(classify(moment, end), failure);
  EXPECT_EQ(end_from(EPIPE), End::Reset);
  EXPECT_EQ(end_from(EMFILE), End::Local);
}

TEST(Address, IsLoopbackOrUnixOrRefused) {
  for (const char* text : {"127.0.0.1:80", "127.3.2.1:8080", "[::1]:80", "unix:/run/a"}) {
    EXPECT_NO_THROW(parse_address(text)) << text;
  }
  for (const char* text :
       {"0.0.0.0:80", "10.0.0.1:80", "[::]:80", "[2001:db8::1]:80", "localhost:80", "127.0.0.1",
        "127.0.0.1:0", "127.0.0.1:99999", "::1:80", "unix:", ":80"}) {
    EXPECT_THROW(parse_address(text), std::invalid_argument) << text;
  }
}

TEST(Generations, MeasuresFromTheReloadToTheFirstNewAndTheLastOldAnswer) {
  Generations generations;
  const Time start{};
  generations.answered("1", start);
  generations.reloading(start + 10ms);
  generations.answered("1", start + 12ms);
  generations.answered("2", start + 15ms);
  generations.answered("1", start + 18ms);
  generations.answered("2", start + 30ms);
  generations.reloading(start + 40ms);  // rejected: nothing new comes
  generations.answered("2", start + 45ms);
  ASSERT_EQ(generations.switches().size(), 2u);
  EXPECT_TRUE(generations.switches()[0].switched);
  EXPECT_EQ(generations.switches()[0].first_new, 5ms);
  EXPECT_EQ(generations.switches()[0].last_old, 8ms);
  EXPECT_FALSE(generations.switches()[1].switched);
  EXPECT_EQ(generations.distinct(), 2u);
}

}  // namespace
}  // namespace hupd::torture
