#include "handover/codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace hupd::handover {
namespace {

using testing::HasSubstr;

Parcel sample() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(5050);
  address.sin_addr.s_addr = htonl(0xC0000201);
  Parcel parcel;
  parcel.protocol = Protocol::Bytes;
  parcel.listener = "127.0.0.1:8080";
  parcel.peer = os::Peer::from(&address, sizeof address);
  parcel.idle_timeout_ms = 1500;
  parcel.is_paused = true;
  parcel.has_ended = true;
  parcel.unread = std::string("half a l\0ine", 12);
  parcel.state_version = 3;
  parcel.state = "nick=ann";
  return parcel;
}

// The offsets of what the tests change, as the header's text says.
constexpr std::size_t at_version = 4;
constexpr std::size_t at_header_size = 6;
constexpr std::size_t at_protocol = 8;

std::string changed(std::string bytes, std::size_t at, char value) {
  bytes[at] = value;
  return bytes;
}

TEST(ParcelTest, ComesOutAsItWentIn) {
  const Parcel before = sample();
  const auto encoded = encode(before);
  auto head = decode_head(encoded.head);
  ASSERT_TRUE(head);
  ASSERT_TRUE(take_body(*head, encoded.body));
  const Parcel& after = head->parcel;
  EXPECT_EQ(after.protocol, before.protocol);
  EXPECT_EQ(after.listener, before.listener);
  EXPECT_EQ(after.peer.text(), "192.0.2.1:5050");
  EXPECT_EQ(after.idle_timeout_ms, 1500U);
  EXPECT_TRUE(after.is_paused);
  EXPECT_TRUE(after.has_ended);
  EXPECT_EQ(after.unread, before.unread);
  EXPECT_EQ(after.state_version, 3U);
  EXPECT_EQ(after.state, before.state);
}

TEST(ParcelTest, AUnixPeerStaysOne) {
  const auto encoded = encode(Parcel{});
  EXPECT_EQ(decode_head(encoded.head)->parcel.peer.text(), "unix");
}

TEST(ParcelTest, EveryCutOfTheHeadIsRefused) {
  const std::string whole = encode(sample()).head;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(decode_head(whole.substr(0, size))) << size;
  }
}

TEST(ParcelTest, ABodyOfAnotherLengthIsRefused) {
  const auto encoded = encode(sample());
  auto head = decode_head(encoded.head);
  EXPECT_FALSE(take_body(*head, ""));
  EXPECT_FALSE(take_body(*head, encoded.body.substr(1)));
  EXPECT_FALSE(take_body(*head, encoded.body + "x"));
}

TEST(ParcelTest, AnotherVersionIsRefusedByItsNumber) {
  const auto head = decode_head(changed(encode(sample()).head, at_version, 9));
  ASSERT_FALSE(head);
  EXPECT_THAT(head.error().text, HasSubstr("version 9"));
}

TEST(ParcelTest, AnUnknownProtocolIsRefused) {
  EXPECT_FALSE(decode_head(changed(encode(sample()).head, at_protocol, 77)));
}

TEST(ParcelTest, WhatIsNoParcelIsRefused) {
  EXPECT_FALSE(decode_head(changed(encode(sample()).head, 0, 'x')));
  EXPECT_FALSE(decode_head(std::string(200, '\0')));
}

TEST(ParcelTest, ALongerHeaderOfANewerHupdIsSkippedToItsEnd) {
  const auto encoded = encode(sample());
  std::string longer = encoded.head;
  const auto size = static_cast<unsigned char>(longer[at_header_size]);
  longer.insert(size, "12345678");
  longer[at_header_size] = static_cast<char>(size + 8);
  auto head = decode_head(longer);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->parcel.listener, "127.0.0.1:8080");
  EXPECT_TRUE(take_body(*head, encoded.body));
}

TEST(ParcelTest, NoByteOfTheHeadCanHarmTheReader) {
  const auto encoded = encode(sample());
  for (std::size_t at = 0; at < encoded.head.size(); ++at) {
    for (int value = 0; value < 256; value += 15) {
      auto head = decode_head(changed(encoded.head, at, static_cast<char>(value)));
      if (head) static_cast<void>(take_body(*head, encoded.body));
    }
  }
}

}  // namespace
}  // namespace hupd::handover
