#include "handover/queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "handover/codec.hpp"
#include "os/memory.hpp"

namespace hupd::handover {
namespace {

using testing::HasSubstr;

constexpr std::size_t limit = std::size_t{1} << 20;

const Arrival* only(const Received& received) {
  const auto* arrivals = std::get_if<Arrivals>(&received);
  return arrivals != nullptr && arrivals->size() == 1 ? &arrivals->front() : nullptr;
}

class QueueTest : public testing::Test {
 protected:
  QueueTest() {
    auto pair = os::channel_pair();
    reader = std::move(pair->first);
    writer = std::move(pair->second);
    std::array<int, 2> ends{};
    ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data());
    client = os::Fd(ends[0]);
    served = os::Fd(ends[1]);
  }
  Given give(const Parcel& parcel) { return send(parcel).given; }
  Sending send(const Parcel& parcel) {
    const Outgoing one{parcel, served.get()};
    return handover::send(writer.get(), {&one, 1}, limit);
  }
  // With a connection each; their clients.
  std::vector<os::Fd> give_batch(std::size_t count) {
    std::vector<os::Fd> clients, fds;
    std::vector<Outgoing> batch;
    for (std::size_t i = 0; i < count; ++i) {
      std::array<int, 2> ends{};
      ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data());
      clients.emplace_back(ends[0]);
      fds.emplace_back(ends[1]);
      batch.push_back({light(i), ends[1]});
    }
    if (handover::send(writer.get(), batch, limit).given != Given::Taken) return {};
    return clients;
  }
  static Parcel light(std::size_t number) {
    Parcel parcel;
    parcel.protocol = Protocol::Http1;
    parcel.listener = std::to_string(number);
    return parcel;
  }
  Received take() { return receive(reader.get(), limit); }
  void expect_connected(int fd) {
    ASSERT_EQ(::write(client.get(), "ping", 4), 4);
    std::array<char, 8> got{};
    ASSERT_EQ(::read(fd, got.data(), got.size()), 4);
  }
  static Parcel with_state(std::size_t size) {
    Parcel parcel;
    parcel.unread = "unread";
    parcel.state = std::string(size, 's');
    return parcel;
  }

  os::Fd reader, writer, client, served;
};

TEST_F(QueueTest, CarriesALivingConnection) {
  ASSERT_EQ(give(with_state(5)), Given::Taken);
  served.reset();  // the sender lets go of it, and the queue holds it
  auto received = take();
  const Arrival* arrival = only(received);
  ASSERT_NE(arrival, nullptr);
  EXPECT_EQ(arrival->parcel.unread, "unread");
  EXPECT_EQ(arrival->parcel.state, "sssss");
  expect_connected(arrival->fd.get());
}

TEST_F(QueueTest, ALargeStateTravelsBesideTheMessage) {
  for (const std::size_t size : {most_in_message - 6, most_in_message - 5, limit - 6}) {
    ASSERT_EQ(give(with_state(size)), Given::Taken) << size;
    auto received = take();
    const Arrival* arrival = only(received);
    ASSERT_NE(arrival, nullptr) << size;
    EXPECT_EQ(arrival->parcel.state.size(), size);
    expect_connected(arrival->fd.get());
  }
}

TEST_F(QueueTest, MoreThanTheLimitIsRefusedWithBothNumbers) {
  const auto sent = send(with_state(limit));
  EXPECT_EQ(sent.given, Given::Refused);
  EXPECT_THAT(sent.why, HasSubstr(std::to_string(limit + 6)));
  EXPECT_THAT(sent.why, HasSubstr(std::to_string(limit)));
  EXPECT_TRUE(std::holds_alternative<os::WouldBlock>(take()));
}

TEST_F(QueueTest, AReceiverWithASmallerLimitGetsTheConnectionWithoutItsBody) {
  ASSERT_EQ(give(with_state(limit - 6)), Given::Taken);
  auto received = receive(reader.get(), limit / 2);
  const Arrival* arrival = only(received);
  ASSERT_NE(arrival, nullptr);
  EXPECT_TRUE(arrival->parcel.is_cut);
  EXPECT_EQ(arrival->parcel.unread + arrival->parcel.state, "");
  expect_connected(arrival->fd.get());
}

TEST_F(QueueTest, CarriesABatchEachWithItsConnection) {
  const auto clients = give_batch(most_in_batch);
  ASSERT_EQ(clients.size(), most_in_batch);
  auto received = take();
  auto* arrivals = std::get_if<Arrivals>(&received);
  ASSERT_NE(arrivals, nullptr);
  ASSERT_EQ(arrivals->size(), most_in_batch);
  for (std::size_t i = 0; i < most_in_batch; ++i) {
    EXPECT_EQ((*arrivals)[i].parcel.listener, std::to_string(i));
    ASSERT_EQ(::write(clients[i].get(), "ping", 4), 4);
    std::array<char, 8> got{};
    ASSERT_EQ(::read((*arrivals)[i].fd.get(), got.data(), got.size()), 4);
  }
}

TEST_F(QueueTest, ABatchThatNobodyHasTakenIsTheNextReaders) {
  const auto clients = give_batch(3);
  auto second = os::duplicate(reader.get());
  reader.reset();
  const auto received = receive(second->get(), limit);
  EXPECT_EQ(std::get<Arrivals>(received).size(), 3U);
}

TEST_F(QueueTest, ABatchFindsAQueueFullAsAWholeAndNobodyAsAWhole) {
  std::vector<os::Fd> clients;
  std::size_t sent = 0;
  for (auto some = give_batch(5); !some.empty(); some = give_batch(5)) {
    sent += some.size();
    for (auto& one : some) clients.push_back(std::move(one));
  }
  std::size_t taken = 0;
  for (auto received = take(); auto* some = std::get_if<Arrivals>(&received); received = take()) {
    EXPECT_EQ(some->size(), 5U);
    taken += some->size();
  }
  EXPECT_EQ(taken, sent);
  reader.reset();
  const std::vector<Outgoing> batch = {{light(1), served.get()}, {light(2), served.get()}};
  EXPECT_EQ(handover::send(writer.get(), batch, limit).given, Given::NobodyIs);
}

TEST_F(QueueTest, IsFullAtSomePointAndLosesNothing) {
  int sent = 0;
  Given last = Given::Taken;
  while ((last = give(with_state(100))) == Given::Taken) ASSERT_LT(++sent, 100'000);
  EXPECT_EQ(last, Given::Full);
  int taken = 0;
  while (std::holds_alternative<Arrivals>(take())) ++taken;
  EXPECT_EQ(taken, sent);
  EXPECT_EQ(give(with_state(100)), Given::Taken);
}

TEST_F(QueueTest, WhatAReaderHasNotTakenIsTheNextOnes) {
  auto second = os::duplicate(reader.get());  // as another worker has it
  ASSERT_EQ(give(with_state(1)), Given::Taken);
  reader.reset();
  EXPECT_TRUE(std::holds_alternative<Arrivals>(receive(second->get(), limit)));
}

TEST_F(QueueTest, WithoutReadersThereIsNobody) {
  reader.reset();
  EXPECT_EQ(give(with_state(1)), Given::NobodyIs);
}

TEST_F(QueueTest, EndsWhenTheLastWriterHasGoneAndAllIsTaken) {
  auto second = os::duplicate(writer.get());
  ASSERT_EQ(give(with_state(1)), Given::Taken);
  writer.reset();
  EXPECT_TRUE(std::holds_alternative<Arrivals>(take()));
  EXPECT_TRUE(std::holds_alternative<os::WouldBlock>(take()));
  second->reset();
  EXPECT_TRUE(std::holds_alternative<os::EndOfFile>(take()));
}

TEST_F(QueueTest, MalformedMessagesAreRefusedAndTheNextOneIsTaken) {
  std::string head, apart, batch;
  append_head(head, with_state(10), Body::Here);
  append_head(apart, with_state(10), Body::Apart);
  for (std::size_t i = 0; i < 2; ++i) append_head(batch, light(i), Body::Here);
  const auto junk = os::memory_file_with("junk", "short");
  const std::vector<std::pair<std::string, std::vector<int>>> bad = {
      {"nonsense", {served.get()}},
      {head, {served.get()}},  // without its body
      {apart, {served.get()}},
      {apart, {served.get(), junk->get()}},  // with one that is too short
      {apart + std::string(16, 's'), {served.get(), junk->get()}},
      {"", {}},
      {head + std::string(16, 's'), {}},             // without its connection
      {head + std::string(16, 's'), {junk->get()}},  // with one that is no socket
      {head + std::string(16, 's'), {served.get(), junk->get()}},
      {batch, {}},
      {batch, {served.get()}},  // fewer than it needs
      {batch, {served.get(), junk->get()}},
      {batch, {served.get(), served.get(), served.get()}}};
  for (const auto& [bytes, fds] : bad) {
    ASSERT_TRUE(os::send_packet(writer.get(), bytes, fds, os::Wait::No));
    EXPECT_TRUE(std::holds_alternative<Malformed>(take())) << bytes.size();
  }
  ASSERT_EQ(give(with_state(10)), Given::Taken);
  EXPECT_TRUE(std::holds_alternative<Arrivals>(take()));
}

TEST_F(QueueTest, ARefusedConnectionIsClosed) {
  ASSERT_TRUE(os::send_packet(writer.get(), "nonsense", {served.get()}, os::Wait::No));
  served.reset();
  static_cast<void>(take());
  char byte = 0;
  EXPECT_EQ(::read(client.get(), &byte, 1), 0);
}

}  // namespace
}  // namespace hupd::handover
