// Two workers of an app in one loop, with the app's hand-over queue between them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stage.hpp"
#include "worker/serving.hpp"

namespace hupd::worker {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string get = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

class RetireTest : public testing::Test, public Stage {
 protected:
  struct Worker {
    hupd_worker handle;
    std::unique_ptr<Serving> serving;
    int drained = 0;
  };

  RetireTest() {
    auto queue = os::channel_pair();
    reader_ = std::move(queue->first);
    writer_ = std::move(queue->second);
    application_ = std::make_unique<Application>(created(APP_HELLO, settings));
    listener_ = listen("a");
    for (Worker* one : {&old_, &next_}) make(*one);
  }
  void TearDown() override {
    for (Worker* one : {&old_, &next_}) one->serving->quit();
    uv_run(&loop, UV_RUN_NOWAIT);
    for (Worker* one : {&old_, &next_}) one->serving.reset();
    application_->stop();
  }
  void make(Worker& worker) {
    worker.handle.loop = &loop;
    Assigned assigned;
    assigned.listeners.push_back({"a", std::move(*os::duplicate(listener_.fd.get()))});
    assigned.handed_over = std::move(*os::duplicate(reader_.get()));
    assigned.to_hand_over = std::move(*os::duplicate(writer_.get()));
    worker.serving = make_serving({&loop, *application_, worker.handle, settings, board},
                                  std::move(assigned), [&worker] { ++worker.drained; });
  }
  void turn() {
    for (int i = 0; i < 20; ++i) uv_run(&loop, UV_RUN_NOWAIT);
  }
  std::string answer(const Client& client) {
    std::string came;
    client.send(get);
    turn_until([&] { return !(came = client.received()).empty(); });
    return came;
  }
  // With a connection that the old worker has served.
  Client at_rest() {
    EXPECT_TRUE(old_.serving->accept());
    Client client(masters[0].get());
    EXPECT_THAT(answer(client), StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_EQ(old_.handle.counters.open(), 1U);
    return client;
  }

  os::Fd reader_, writer_;
  Listener listener_;
  std::unique_ptr<Application> application_;
  Worker old_, next_;
};

TEST_F(RetireTest, ConnectionsGoOnInTheWorkerThatServes) {
  const Client client = at_rest();
  ASSERT_TRUE(next_.serving->accept());
  old_.serving->retire({});
  EXPECT_TRUE(turn_until([&] { return old_.drained > 0; }));
  EXPECT_THAT(answer(client), Not(HasSubstr("close")));
  EXPECT_EQ(next_.handle.counters.open(), 1U);
}

TEST_F(RetireTest, TheyWaitInTheQueueForAWorkerThatServesLater) {
  const Client client = at_rest();
  old_.serving->retire({});
  EXPECT_TRUE(turn_until([&] { return old_.drained > 0; }));
  client.send(get);
  turn();
  EXPECT_EQ(client.received(), "");
  ASSERT_TRUE(next_.serving->accept());
  std::string came;
  EXPECT_TRUE(turn_until([&] { return !(came = client.received()).empty(); }));
  EXPECT_THAT(came, StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(RetireTest, TheLastWorkerServesTheQueueToItsEnd) {
  const Client client = at_rest();
  old_.serving->retire({});
  EXPECT_TRUE(turn_until([&] { return old_.drained > 0; }));
  ASSERT_TRUE(next_.serving->accept());
  next_.serving->drain({}, true);
  EXPECT_EQ(next_.drained, 0) << "more may come";
  next_.serving->queue_ends();
  EXPECT_THAT(answer(client), HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(turn_until([&] { return next_.drained > 0 || client.received() == "end"; }));
}

TEST_F(RetireTest, WhoeverHandsOverWhenTheAppEndsTakesBackWhatNobodyTook) {
  const Client client = at_rest();
  old_.serving->retire({});
  turn();
  EXPECT_EQ(old_.handle.counters.open(), 0U) << "it is in the queue";
  old_.serving->end_handover();
  old_.serving->queue_ends();
  EXPECT_EQ(old_.handle.counters.open(), 1U);
  EXPECT_THAT(answer(client), HasSubstr("Connection: close\r\n"));
}

}  // namespace
}  // namespace hupd::worker
