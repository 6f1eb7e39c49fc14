// What a probe makes of a response.
#include "http/answer_reader.hpp"

#include <gtest/gtest.h>

namespace {

using hupd::http1::AnswerReader;
using Event = AnswerReader::Event;

TEST(AnswerReader, TellsStatusAndFirstLineHoweverTheBytesWereCut) {
  const std::string whole =
      "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 22\r\n\r\nno database\nsince noon";
  for (std::size_t size = 1; size <= whole.size(); ++size) {
    AnswerReader reader;
    Event event = Event::More;
    for (std::size_t at = 0; at < whole.size(); at += size) {
      ASSERT_EQ(event, Event::More);
      event = reader.read(std::string_view(whole).substr(at, size));
    }
    EXPECT_EQ(event, Event::Complete) << size;
    EXPECT_EQ(reader.status(), 503U);
    EXPECT_EQ(reader.first_line(), "no database");
  }
}

TEST(AnswerReader, KnowsHowResponsesEnd) {
  AnswerReader chunked;
  EXPECT_EQ(chunked.read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n"),
            Event::More);
  EXPECT_EQ(chunked.read("0\r\n\r\n"), Event::Complete);
  AnswerReader empty;
  EXPECT_EQ(empty.read("HTTP/1.1 204 No Content\r\n\r\n"), Event::Complete);
  AnswerReader until_end;
  EXPECT_EQ(until_end.read("HTTP/1.0 200 OK\r\n\r\nok"), Event::More);
  EXPECT_EQ(until_end.end(), Event::Complete);
}

TEST(AnswerReader, TakesNoPartForTheWhole) {
  EXPECT_EQ(AnswerReader().end(), Event::Bad);
  EXPECT_EQ(AnswerReader().read("SSH-2.0-OpenSSH\r\n"), Event::Bad);
  AnswerReader cut;
  EXPECT_EQ(cut.read("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok"), Event::More);
  EXPECT_EQ(cut.end(), Event::Bad);
}

TEST(AnswerReader, MakesALineOfWhatCannotBeOne) {
  AnswerReader reader;
  const std::string body = "\x1b[31mred\t" + std::string(1000, 'x');
  reader.read("HTTP/1.1 500 No\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n");
  EXPECT_EQ(reader.read(body), Event::Complete);
  EXPECT_EQ(reader.first_line(), "[31mred" + std::string(193, 'x'));
}

}  // namespace
