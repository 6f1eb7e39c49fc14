// What waits in the hand-over queue is taken whole or not at all.
#include "worker/inbox.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "support/child.hpp"

namespace hupd::worker {
namespace {

struct Both {
  Both() {
    uv_loop_init(&loop);
    auto pair = os::channel_pair();
    writer = std::move(pair->second);
    inbox.emplace(
        &loop, std::move(pair->first), 1000, [] { return true; },
        [this](handover::Parcel, os::Fd fd) { taken.push_back(std::move(fd)); });
  }
  ~Both() {
    inbox.reset();
    uv_run(&loop, UV_RUN_NOWAIT);
    uv_loop_close(&loop);
  }
  Both(const Both&) = delete;
  Both& operator=(const Both&) = delete;

  void send(std::size_t count) {
    std::vector<os::Fd> own;
    std::vector<handover::Outgoing> batch;
    for (std::size_t i = 0; i < count; ++i) {
      std::array<int, 2> ends{};
      ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data());
      clients.emplace_back(ends[0]);
      own.emplace_back(ends[1]);
      batch.push_back({{}, ends[1]});
      batch.back().parcel.protocol = handover::Protocol::Http1;
    }
    EXPECT_EQ(handover::send(writer.get(), batch, 1000).given, handover::Given::Taken);
  }
  Taken take() {
    uv_update_time(&loop);
    return inbox->source().take();
  }
  bool are_all_alive() const {
    for (const os::Fd& client : clients) {
      char byte = 0;
      if (::recv(client.get(), &byte, 1, MSG_DONTWAIT) == 0) return false;
    }
    return true;
  }

  uv_loop_t loop;
  os::Fd writer;
  std::optional<Inbox> inbox;
  std::vector<os::Fd> clients;
  std::vector<os::Fd> taken;
};

TEST(Inbox, ABatchCountsAsManyAsItHolds) {
  Both both;
  both.send(5);
  both.send(1);
  EXPECT_EQ(both.take().count, 5);
  const Taken one = both.take();
  EXPECT_EQ(one.count, 1);
  EXPECT_EQ(one.fd, both.taken.back().get());
  EXPECT_EQ(both.take().status, Taken::Status::Nothing);
  EXPECT_TRUE(both.are_all_alive());
}

TEST(Inbox, WhoWritesWhatIsNoParcelDoesNotFillTheLog) {
  Both both;
  testing::internal::CaptureStderr();
  for (int i = 0; i < 500; ++i) {  // within a turn of the loop, by its clock
    ASSERT_TRUE(os::send_packet(both.writer.get(), "no parcel", {}, os::Wait::No));
    EXPECT_EQ(both.inbox->source().take().status, Taken::Status::Some);
  }
  const auto said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 20) << said;
}

// Each that is let go leaves the lowest number free: that one is free says nothing of the others.
TEST(Inbox, ABatchWaitsUntilThereIsRoomForAllOfIt) {
  EXPECT_EQ(test::in_child([] {
              test::Faults faults;
              for (const std::size_t batches : {1U, 2U, 3U}) {
                constexpr rlimit limit{128, 128};  // a reserve of 32
                ::setrlimit(RLIMIT_NOFILE, &limit);
                Both both;
                for (std::size_t i = 0; i < batches; ++i) both.send(handover::most_in_batch);
                std::vector<os::Fd> others;
                while (auto one = os::duplicate(0)) others.push_back(std::move(*one));
                std::size_t let_go = 0;
                while (both.taken.size() < both.clients.size() && let_go < others.size()) {
                  faults.expect(both.take().status == Taken::Status::OutOfResources,
                                "it is left in the queue");
                  for (int i = 0; i < 5 && let_go < others.size(); ++i) others[let_go++].reset();
                  while (both.take().status == Taken::Status::Some) {
                  }
                }
                faults.expect(both.taken.size() == both.clients.size(), "all of them come");
                faults.expect(both.are_all_alive(), "none of them is lost");
              }
              return faults.first();
            }),
            "");
}

}  // namespace
}  // namespace hupd::worker
