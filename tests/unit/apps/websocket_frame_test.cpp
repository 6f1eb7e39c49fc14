// The wire: heads of frames, UTF-8, the handshake's proof.
#include <gtest/gtest.h>

#include "websocket/handshake.hpp"
#include "websocket/utf8.hpp"
#include "websocket_client.hpp"

namespace websocket {
namespace {

std::string fault_in(std::string bytes) {
  std::string_view rest = bytes;
  const auto head = take_head(rest);
  if (const auto* fault = std::get_if<Fault>(&head)) return std::string(fault->why);
  EXPECT_EQ(std::holds_alternative<Incomplete>(head), rest.size() == bytes.size());
  return std::holds_alternative<Frame>(head) ? "" : "incomplete";
}

TEST(WebSocketFrame, SizesAreWrittenAndReadInTheShortestWay) {
  for (const std::size_t size : {0U, 1U, 125U, 126U, 127U, 65535U, 65536U, 70000U}) {
    const std::string payload(size, 'x');
    EXPECT_EQ(frame_of(Opcode::Text, payload).size(), size + (size < 126     ? 2
                                                              : size < 65536 ? 4
                                                                             : 10));
    const std::string bytes = masked(Opcode::Binary, payload);
    std::string_view rest = bytes;
    auto head = take_head(rest);
    ASSERT_TRUE(std::holds_alternative<Frame>(head)) << size;
    auto& frame = std::get<Frame>(head);
    EXPECT_EQ(frame.size, size);
    std::string got;
    frame.take_payload(rest, got);
    EXPECT_EQ(got, payload);
    EXPECT_EQ(rest, "");
  }
}

TEST(WebSocketFrame, AHeadIsTakenWholeOrNotAtAll) {
  for (const std::size_t size : {5U, 126U, 65536U}) {
    const std::string bytes = masked(Opcode::Text, std::string(size, 'x'));
    for (std::size_t cut = 0; cut < bytes.size() - size; ++cut) {
      EXPECT_EQ(fault_in(bytes.substr(0, cut)), "incomplete") << cut;
    }
  }
}

TEST(WebSocketFrame, WhatAClientMustNotSendIsAFault) {
  const std::string mask = "abcd";
  EXPECT_EQ(fault_in("\x81\x01x"), "a frame without a mask");
  for (const char reserved : {'\xC1', '\xA1', '\x91'}) {
    EXPECT_EQ(fault_in(reserved + ("\x80" + mask)), "a reserved bit is set");
  }
  for (const char opcode : {'\x83', '\x87', '\x8B', '\x8F'}) {
    EXPECT_EQ(fault_in(opcode + ("\x80" + mask)), "an unknown opcode");
  }
  for (const char pieces : {'\x08', '\x09', '\x0A'}) {
    EXPECT_EQ(fault_in(pieces + ("\x80" + mask)), "a control frame in pieces, or too large");
  }
  EXPECT_EQ(fault_in("\x89\xFE"), "a control frame in pieces, or too large");
  const std::string longer = "a length that is not written as it has to be";
  EXPECT_EQ(fault_in(std::string("\x81\xFE\x00\x7D", 4) + mask), longer);
  EXPECT_EQ(fault_in(std::string("\x81\xFF\0\0\0\0\0\0\xFF\xFF", 10) + mask), longer);
  EXPECT_EQ(fault_in(std::string("\x81\xFF\x80\0\0\0\0\x01\0\0", 10) + mask), longer);
  EXPECT_EQ(fault_in(std::string("\x81\xFF\x7F\0\0\0\0\x01\0\0", 10) + mask), "");
}

TEST(WebSocketFrame, ACloseHasItsCodeAndAReasonThatFits) {
  EXPECT_EQ(close_frame(Code::GoingAway, "bye"), std::string("\x88\x05\x03\xE9") + "bye");
  EXPECT_EQ(close_frame(Code::TooBig, std::string(200, 'x')).size(), 127U);
}

bool is_utf8(std::string_view bytes) {
  Utf8 whole;
  const bool good = whole.take(bytes) && whole.is_whole();
  Utf8 singly;
  bool each = true;
  for (const char& byte : bytes) each = each && singly.take({&byte, 1});
  EXPECT_EQ(good, each && singly.is_whole());
  return good;
}

TEST(WebSocketUtf8, TakesWhatIsUtf8AndNothingElse) {
  for (const char* good : {"", "plain", "\u00E9", "\u20AC", "\U0001F600", "\xF4\x8F\xBF\xBF",
                           "\xED\x9F\xBF", "\xEE\x80\x80", "\xC2\x80", "\xE0\xA0\x80"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (const char* bad : {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80",
                          "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF",
                          "\xC3", "\xE2\x82", "\xF0\x9F\x98", "\xC3x", "\xE2\x82x"}) {
    EXPECT_FALSE(is_utf8(bad)) << bad;
  }
}

TEST(WebSocketHandshake, ShowsTheKeyAsTheStandardsExampleDoes) {
  EXPECT_EQ(accept_of("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(WebSocketHandshake, KnowsAKey) {
  EXPECT_TRUE(is_key("dGhlIHNhbXBsZSBub25jZQ=="));
  EXPECT_FALSE(is_key(""));
  EXPECT_FALSE(is_key("dGhlIHNhbXBsZSBub25jZQ="));
  EXPECT_FALSE(is_key("dGhlIHNhbXBsZSBub25jZQ=x"));
  EXPECT_FALSE(is_key("dGhlIHNhbXBsZSBub25jZ!=="));
}

}  // namespace
}  // namespace websocket
