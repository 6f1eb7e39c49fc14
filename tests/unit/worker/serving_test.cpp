#include "worker/serving.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stage.hpp"
#include "support/result.hpp"

namespace hupd::worker {
namespace {

using test::fault_of;
using testing::StartsWith;

class ServingTest : public testing::Test, public Stage {
 protected:
  void serve(const std::string& library, std::vector<Listener> listeners) {
    application_ = std::make_unique<Application>(created(library, settings));
    handle_.loop = &loop;
    serving_ = make_serving({&loop, *application_, handle_, settings, board},
                            assigned(std::move(listeners)), [this] { ++drained_; });
  }
  void TearDown() override {
    if (serving_ == nullptr) return;
    serving_->quit();
    uv_run(&loop, UV_RUN_NOWAIT);  // what was closed is gone before the service is
    serving_.reset();
    application_->stop();
  }

  std::unique_ptr<Application> application_;
  hupd_worker handle_;
  std::unique_ptr<Serving> serving_;
  int drained_ = 0;
};

// ---- the listener height ----

class ListenerHeight : public ServingTest {
 protected:
  void serve_two() {
    std::vector<Listener> two;
    two.push_back(listen("a"));
    two.push_back(listen("b"));
    fds_ = {two[0].fd.get(), two[1].fd.get()};
    serve(SAMPLE_LISTENER, std::move(two));
  }
  listener_sample& sample_ = new_sample();
  std::vector<int> fds_;
};

TEST_F(ListenerHeight, HandsEveryListenerToTheApplicationAtTheSwitch) {
  serve_two();
  EXPECT_EQ(sample_.listens, 0) << "not before";
  ASSERT_EQ(fault_of(serving_->accept()), "");
  ASSERT_EQ(sample_.listener_count, 2U);
  const auto address = [this](std::size_t i) {
    return std::string(sample_.listeners[i].address.data, sample_.listeners[i].address.size);
  };
  EXPECT_EQ(address(0), "a");
  EXPECT_EQ(address(1), "b");
  EXPECT_EQ(sample_.listeners[0].fd, fds_[0]);
  EXPECT_EQ(sample_.listeners[1].fd, fds_[1]);
}

TEST_F(ListenerHeight, FailsWithTheApplicationsReason) {
  sample_.listen_result = 3;
  serve_two();
  EXPECT_EQ(fault_of(serving_->accept()), "listen failed with 3: no epoll");
}

TEST_F(ListenerHeight, HasDrainedWhenTheApplicationSaysSo) {
  serve_two();
  ASSERT_TRUE(serving_->accept());
  serving_->drain({}, false);
  EXPECT_EQ(sample_.drains, 1);
  EXPECT_EQ(drained_, 0);
  host_table().drained(&handle_);
  EXPECT_EQ(drained_, 1);
}

TEST_F(ListenerHeight, CutsWhatTheApplicationCountsAsOpen) {
  serve_two();
  host_table().count_connections(&handle_, 5);
  host_table().count_connections(&handle_, -2);
  EXPECT_EQ(serving_->quit(), 3U);
}

TEST_F(ListenerHeight, SurvivesAnApplicationThatMiscounts) {
  serve_two();
  host_table().count_connections(&handle_, 1);
  host_table().count_connections(&handle_, -2);
  EXPECT_EQ(serving_->quit(), 0U) << "and not all that a number can say";
  host_table().count_connections(&handle_, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(serving_->quit(), 0U);
}

// ---- the heights at which the host accepts ----

class ConnectionHeight : public ServingTest {
 protected:
  void serve_echo() {
    std::vector<Listener> one;
    one.push_back(listen("a"));
    serve(APP_ECHO, std::move(one));
  }
  bool echoes(const Client& client) {
    std::string came;
    client.send("ping");
    turn_until([&] { return !(came = client.received()).empty(); });
    return came == "ping";
  }
};

TEST_F(ConnectionHeight, TakesConnectionsFromTheSwitchOn) {
  serve_echo();
  const Client client(masters[0].get());
  for (int i = 0; i < 10; ++i) uv_run(&loop, UV_RUN_NOWAIT);
  EXPECT_EQ(handle_.counters.accepted, 0U);
  ASSERT_TRUE(serving_->accept());
  EXPECT_TRUE(echoes(client));
}

TEST_F(ConnectionHeight, HasDrainedAtOnceWithoutAConnection) {
  serve_echo();
  ASSERT_TRUE(serving_->accept());
  serving_->drain({}, false);
  EXPECT_EQ(drained_, 1);
  for (int i = 0; i < 10; ++i) uv_run(&loop, UV_RUN_NOWAIT);
  EXPECT_EQ(drained_, 1) << "once";
}

TEST_F(ConnectionHeight, HasDrainedWhenTheLastConnectionIsGone) {
  settings.connection.linger_timeout = std::chrono::minutes(1);
  serve_echo();
  ASSERT_TRUE(serving_->accept());
  Client one(masters[0].get());
  Client other(masters[0].get());
  ASSERT_TRUE(echoes(one) && echoes(other));
  serving_->drain({}, false);  // echo finishes its connections: the peer's end is waited for
  EXPECT_TRUE(turn_until([&] { return one.received() == "end" && other.received() == "end"; }));
  one.close();
  EXPECT_TRUE(turn_until([&] { return handle_.counters.closed == 1; }));
  EXPECT_EQ(drained_, 0);
  other.close();
  EXPECT_TRUE(turn_until([&] { return drained_ > 0; }));
  EXPECT_EQ(drained_, 1);
}

TEST_F(ConnectionHeight, TakesWhoWaitsAtARemovedListenerBeforeItDrains) {
  serve_echo();
  ASSERT_TRUE(serving_->accept());
  const Client late(masters[0].get());
  serving_->drain({"a"}, false);
  EXPECT_EQ(handle_.counters.accepted, 1U);
  EXPECT_EQ(drained_, 0);
}

TEST_F(ConnectionHeight, CountsWhatItCuts) {
  serve_echo();
  ASSERT_TRUE(serving_->accept());
  const Client client(masters[0].get());
  ASSERT_TRUE(echoes(client));
  EXPECT_EQ(serving_->quit(), 1U) << "only its application knows whether it is done";
  EXPECT_TRUE(turn_until([&] { return handle_.counters.open() == 0; }));
}

class HttpHeight : public ServingTest {
 protected:
  // A client with a connection at rest.
  Client at_rest() {
    std::vector<Listener> one;
    one.push_back(listen("a"));
    serve(APP_HELLO, std::move(one));
    EXPECT_TRUE(serving_->accept());
    Client client(masters[0].get());
    client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
    std::string answer;
    turn_until([&] { return !(answer = client.received()).empty(); });
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    return client;
  }
  bool has_ended(Client& client) {
    const bool ended = turn_until([&] { return client.received() == "end"; });
    client.close();
    return ended && turn_until([&] { return drained_ > 0; });
  }
};

TEST_F(HttpHeight, AnswersOneMoreRequestBeforeItHasDrained) {
  Client client = at_rest();
  serving_->drain({}, false);
  for (int i = 0; i < 10; ++i) uv_run(&loop, UV_RUN_NOWAIT);
  EXPECT_EQ(client.received(), "") << "a connection at rest is not closed under a request";
  client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
  std::string answer;
  turn_until([&] { return !(answer = client.received()).empty(); });
  EXPECT_THAT(answer, testing::HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(has_ended(client));
}

TEST_F(HttpHeight, DoesNotWaitForConnectionsAtRestWhenTheServiceEnds) {
  Client client = at_rest();
  serving_->drain({}, false);
  serving_->release_idle();
  EXPECT_TRUE(has_ended(client));
}

TEST_F(HttpHeight, KnowsOfTheServicesEndBeforeItDrains) {
  Client client = at_rest();
  serving_->release_idle();
  for (int i = 0; i < 10; ++i) uv_run(&loop, UV_RUN_NOWAIT);
  EXPECT_EQ(client.received(), "") << "it serves on until it drains";
  serving_->drain({}, false);
  EXPECT_TRUE(has_ended(client));
}

TEST_F(HttpHeight, ConnectionsAtRestAreNoLoss) {
  const Client client = at_rest();
  EXPECT_EQ(serving_->quit(), 0U);
  EXPECT_TRUE(turn_until([&] { return handle_.counters.open() == 0; }));
}

}  // namespace
}  // namespace hupd::worker
