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

std::string head_of(const Parcel& parcel, Body where = Body::Here) {
  std::string bytes;
  append_head(bytes, parcel, where);
  return bytes;
}

std::string whole(const Parcel& parcel) {
  std::string bytes = head_of(parcel);
  append_body(bytes, parcel);
  return bytes;
}

Parcel light(const std::string& listener) {
  Parcel parcel;
  parcel.protocol = Protocol::Http1;
  parcel.listener = listener;
  return parcel;
}

std::string batch(std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) append_head(bytes, light(std::to_string(i)), Body::Here);
  return bytes;
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
  const std::string bytes = whole(before);
  auto message = decode(bytes);
  ASSERT_TRUE(message);
  ASSERT_EQ(message->heads.size(), 1U);
  EXPECT_EQ(message->descriptors(), 1U);
  ASSERT_TRUE(take_body(message->heads[0], message->body));
  const Parcel& after = message->heads[0].parcel;
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

TEST(ParcelTest, ABodyApartTakesADescriptorMore) {
  const auto message = decode(head_of(sample(), Body::Apart));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->descriptors(), 2U);
}

TEST(ParcelTest, AUnixPeerStaysOne) {
  EXPECT_EQ(decode(head_of(Parcel{}))->heads[0].parcel.peer.text(), "unix");
}

TEST(ParcelTest, EveryCutOfTheHeadIsRefused) {
  const std::string head = head_of(sample());
  for (std::size_t size = 0; size < head.size(); ++size) {
    EXPECT_FALSE(decode(head.substr(0, size))) << size;
  }
}

TEST(ParcelTest, ABodyOfAnotherLengthIsRefused) {
  auto message = decode(head_of(sample()));
  const std::string body = whole(sample()).substr(head_of(sample()).size());
  EXPECT_FALSE(take_body(message->heads[0], ""));
  EXPECT_FALSE(take_body(message->heads[0], body.substr(1)));
  EXPECT_FALSE(take_body(message->heads[0], body + "x"));
}

TEST(ParcelTest, AnotherVersionIsRefusedByItsNumber) {
  const auto message = decode(changed(head_of(sample()), at_version, 9));
  ASSERT_FALSE(message);
  EXPECT_THAT(message.error().text, HasSubstr("version 9"));
}

TEST(ParcelTest, AnUnknownProtocolIsRefused) {
  EXPECT_FALSE(decode(changed(head_of(sample()), at_protocol, 77)));
}

TEST(ParcelTest, WhatIsNoParcelIsRefused) {
  EXPECT_FALSE(decode(changed(head_of(sample()), 0, 'x')));
  EXPECT_FALSE(decode(std::string(200, '\0')));
}

TEST(ParcelTest, ALongerHeaderOfANewerHupdIsSkippedToItsEnd) {
  std::string longer = whole(sample());
  const auto size = static_cast<unsigned char>(longer[at_header_size]);
  longer.insert(size, "12345678");
  longer[at_header_size] = static_cast<char>(size + 8);
  auto message = decode(longer);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->heads[0].parcel.listener, "127.0.0.1:8080");
  EXPECT_TRUE(take_body(message->heads[0], message->body));
}

TEST(BatchTest, ComesOutAsItWentIn) {
  const std::string bytes = batch(most_in_batch);
  const auto message = decode(bytes);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->descriptors(), most_in_batch);
  for (std::size_t i = 0; i < most_in_batch; ++i) {
    EXPECT_EQ(message->heads[i].parcel.listener, std::to_string(i));
  }
  EXPECT_EQ(message->body, "");
}

TEST(BatchTest, OfMoreThanAReceiverHasRoomForIsRefused) {
  EXPECT_FALSE(decode(batch(most_in_batch + 1)));
}

TEST(BatchTest, WithOneThatIsToTravelAloneIsRefused) {
  Parcel unread = light("a");
  unread.unread = "GET";
  Parcel other = light("a");
  other.protocol = Protocol::Upgraded;
  EXPECT_FALSE(decode(batch(3) + whole(unread)));
  EXPECT_FALSE(decode(batch(3) + whole(other)));
  EXPECT_FALSE(decode(batch(3) + head_of(light("a"), Body::Apart)));
}

TEST(BatchTest, ThatWasCutAnywhereButBetweenParcelsIsRefused) {
  const std::string bytes = batch(3);
  const std::size_t one = bytes.size() / 3;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto message = decode(bytes.substr(0, size));
    EXPECT_EQ(message.has_value(), size != 0 && size % one == 0) << size;
  }
}

// Each variant must be refused or read: a sanitizer sees the rest.
TEST(BatchTest, NoByteOfAMessageCanHarmTheReader) {
  for (const std::string& good : {whole(sample()), batch(3)}) {
    for (std::size_t at = 0; at < good.size(); ++at) {
      for (int value = 0; value < 256; value += 15) {
        const std::string bytes = changed(good, at, static_cast<char>(value));
        auto message = decode(bytes);
        if (message) static_cast<void>(take_body(message->heads[0], message->body));
      }
    }
  }
}

}  // namespace
}  // namespace hupd::handover
