// Messages out of frames, wherever the bytes are cut and whoever reads the rest of them.
#include <gtest/gtest.h>

#include "websocket/reader.hpp"
#include "websocket_client.hpp"

namespace websocket {
namespace {

constexpr std::size_t most = 300;

// What comes of the bytes, up to the first fault: "text:hello ping:x ".
std::string events(Reader& reader, std::string_view& bytes) {
  std::string all;
  while (true) {
    switch (reader.next(bytes)) {
      case Reader::Event::More:
        return all;
      case Reader::Event::Message: {
        const Message message = reader.take_message();
        all += (message.is_text ? "text:" : "binary:") + message.payload + " ";
        break;
      }
      case Reader::Event::Ping:
        all += "ping:" + reader.payload() + " ";
        break;
      case Reader::Event::Pong:
        all += "pong:" + reader.payload() + " ";
        break;
      case Reader::Event::Close:
        all += "close:" + reader.payload() + " ";
        break;
      case Reader::Event::Bad:
        return all + std::to_string(static_cast<unsigned>(reader.fault().code));
    }
  }
}

std::string events(std::string_view bytes) {
  Reader reader(most);
  std::string all = events(reader, bytes);
  return bytes.empty() ? all : all + "…";
}

const std::string conversation =
    masked(Opcode::Text, "hello") + masked(Opcode::Binary, std::string("\0\xFF", 2)) +
    masked(Opcode::Text, "") + masked(Opcode::Text, "fr\xC3", !is_last) +
    masked(Opcode::Ping, "are you there") + masked(Opcode::Continuation, "\xA9re ", !is_last) +
    masked(Opcode::Continuation, "", !is_last) + masked(Opcode::Pong, "") +
    masked(Opcode::Continuation, "jacques") + masked(Opcode::Binary, std::string(200, 'x')) +
    masked(Opcode::Close, "\x03\xE8gone");
const std::string told =
    std::string("text:hello binary:") + std::string("\0\xFF", 2) +
    " text: ping:are you there pong: text:fr\xC3\xA9re jacques binary:" + std::string(200, 'x') +
    " close:\x03\xE8gone ";

TEST(WebSocketReader, PutsMessagesTogether) { EXPECT_EQ(events(conversation), told); }

// As data() is called: what was not used comes again in front of the rest. At the cut the
// connection moves, when `moves`: another reader goes on with what this one has saved.
std::string cut_at(std::size_t cut, bool moves) {
  Reader first(most), second(most);
  std::string_view front = std::string_view(conversation).substr(0, cut);
  std::string all = events(first, front);
  EXPECT_TRUE(second.restore(first.save()));
  const std::string unused = std::string(front) + conversation.substr(cut);
  std::string_view rest = unused;
  all += events(moves ? second : first, rest);
  EXPECT_EQ(rest, "");
  return all;
}

TEST(WebSocketReader, IsIndifferentToWhereBytesAreCut) {
  for (std::size_t cut = 0; cut <= conversation.size(); ++cut) EXPECT_EQ(cut_at(cut, false), told);
}

TEST(WebSocketReader, MovesAtEveryByte) {
  for (std::size_t cut = 0; cut <= conversation.size(); ++cut) EXPECT_EQ(cut_at(cut, true), told);
}

TEST(WebSocketReader, LeavesNoMoreThanAControlFrameUnused) {
  for (std::size_t cut = 0; cut <= conversation.size(); ++cut) {
    Reader reader(most);
    std::string_view front = std::string_view(conversation).substr(0, cut);
    events(reader, front);
    EXPECT_LT(front.size(), 6 + most_in_control);
  }
}

TEST(WebSocketReader, KnowsWhatMayFollowWhat) {
  EXPECT_EQ(events(masked(Opcode::Continuation, "x")), "1002…");
  EXPECT_EQ(events(masked(Opcode::Text, "a", !is_last) + masked(Opcode::Text, "b")), "1002…");
  EXPECT_EQ(events(masked(Opcode::Text, "a") + masked(Opcode::Continuation, "b")), "text:a 1002…");
}

TEST(WebSocketReader, BoundsAMessageByWhatItsFramesClaim) {
  EXPECT_EQ(events(masked(Opcode::Binary, std::string(most, 'x'))),
            "binary:" + std::string(most, 'x') + " ");
  EXPECT_EQ(events(masked(Opcode::Binary, std::string(most + 1, 'x')).substr(0, 8)), "1009…");
  EXPECT_EQ(events(masked(Opcode::Binary, "x", !is_last) +
                   masked(Opcode::Continuation, std::string(most, 'x'))),
            "1009…");
  EXPECT_EQ(events(std::string("\x82\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 10) + "mask"), "1009…");
}

TEST(WebSocketReader, RefusesTextThatIsNotUtf8AsSoonAsItShows) {
  EXPECT_EQ(events(masked(Opcode::Text, "a\xFF")), "1007");
  EXPECT_EQ(events(masked(Opcode::Text, "\xED\xA0\x80 and more").substr(0, 8)), "1007");
  EXPECT_EQ(events(masked(Opcode::Text, "\xC3")), "1007");
  EXPECT_EQ(events(masked(Opcode::Text, "\xC3", !is_last) + masked(Opcode::Continuation, "x")),
            "1007");
  EXPECT_EQ(events(masked(Opcode::Binary, "\xFF")), "binary:\xFF ");
}

TEST(WebSocketReader, ReadsACloseWithCare) {
  const auto close = [](unsigned code, const std::string& reason) {
    const std::string number{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
    return events(masked(Opcode::Close, number + reason)).substr(0, 5);
  };
  EXPECT_EQ(events(masked(Opcode::Close, "")), "close: ");
  EXPECT_EQ(events(masked(Opcode::Close, "\x03")), "1002");
  for (const unsigned code : {1000U, 1003U, 1007U, 1011U, 1014U, 3000U, 4999U}) {
    EXPECT_EQ(close(code, "why"), "close") << code;
  }
  for (const unsigned code : {0U, 999U, 1004U, 1005U, 1006U, 1015U, 2999U, 5000U, 65535U}) {
    EXPECT_EQ(close(code, "why"), "1002") << code;
  }
  EXPECT_EQ(close(1000, "\xC3"), "1007");
}

TEST(WebSocketReader, TakesOnlyAPositionForOne) {
  for (const char* bad : {"", "x", "1 1 1 5 1 2 3", "3 0 1 0 0 0 0 0 ", "0 1 1 5 1 2 3 4 ",
                          "0 0 1 0 0 0 0 0 text", "1 0 0 0 0 0 0 0 \xFF"}) {
    EXPECT_FALSE(Reader(most).restore(bad)) << bad;
  }
  EXPECT_TRUE(Reader(most).restore("0 0 1 0 0 0 0 0 "));
}

}  // namespace
}  // namespace websocket
