// Sessions that move to another worker: the client sees what it would have seen without.
#include <algorithm>
#include <array>
#include <vector>

#include <sys/socket.h>

#include "http/service.hpp"
#include "raw_app.hpp"
#include "relay.hpp"

namespace {

using hupd::test::Client;
using hupd::test::respond;

const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string post = "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
const std::string chunked =
    "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    "3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: t\r\n\r\n";

class MoveTest : public hupd::test::RawTest {
 protected:
  void start_both() {
    if (!app.head) app.ops.head = nullptr;  // as a service that takes no uploads
    start();
    next = another();
  }
  std::unique_ptr<hupd::connection::Service> another() {
    return hupd::http1::make_service({&loop, app.table, &app, reinterpret_cast<hupd_worker*>(&loop),
                                      config, host.table, next_counters});
  }
  void TearDown() override {
    if (next != nullptr) {
      next->quit();
      run_until([&] { return next->open() == 0; });
      next.reset();
    }
    RawTest::TearDown();
  }
  // Until all that can move has moved.
  int move() {
    service->hand_over(relay);
    settle();
    return relay.deliver(*next);
  }
  static Client adopt(hupd::connection::Service& by, hupd::handover::Parcel parcel) {
    std::array<int, 2> ends{};
    ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data());
    by.adopt(std::move(parcel), hupd::os::Fd(ends[0]));
    return Client(hupd::os::Fd(ends[1]));
  }
  std::string answers(Client& client) {
    settle();
    client.poll();
    return summary(client.received);
  }

  hupd::test::Relay relay;
  hupd::connection::Counters next_counters;
  std::unique_ptr<hupd::connection::Service> next;
};

TEST_F(MoveTest, an_idle_connection_moves_and_is_served_there) {
  start_both();
  Client client = connect();
  exchange(client, get);
  EXPECT_EQ(move(), 1);
  settle();
  EXPECT_EQ(service->open(), 0U);
  EXPECT_EQ(next->open(), 1U);
  client.send(get);
  EXPECT_EQ(answers(client), "200 GET / |200 GET / ");
  EXPECT_EQ(client.end, Client::End::Open);
  EXPECT_EQ(client.received.find("close"), std::string::npos);
  EXPECT_EQ(relay.last.listener, "unix:test");
}

class BatchTest : public MoveTest {
 protected:
  void start_with(std::size_t count) {
    start_both();
    for (std::size_t i = 0; i < count; ++i) {
      clients.push_back(connect());
      clients.back().send(get);
    }
    settle();
  }
  std::size_t largest() const {
    return *std::max_element(relay.batches.begin(), relay.batches.end());
  }
  // Each was answered once before; now by whoever has it.
  void expect_all_served() {
    for (Client& client : clients) client.send(get);
    for (Client& client : clients) {
      ASSERT_EQ(answers(client), "200 GET / |200 GET / ");
      ASSERT_EQ(client.end, Client::End::Open);
    }
  }

  std::vector<Client> clients;
};

TEST_F(BatchTest, many_travel_together_and_fewer_the_fewer_are_left) {
  start_with(200);
  EXPECT_EQ(move(), 200);
  EXPECT_EQ(largest(), 6U);
  EXPECT_EQ(relay.batches.back(), 1U);
  EXPECT_LT(relay.batches.size(), 150U);
  settle();
  EXPECT_EQ(service->open(), 0U);
  expect_all_served();
}

TEST_F(BatchTest, few_go_one_by_one_so_that_each_worker_gets_some) {
  start_with(20);
  EXPECT_EQ(move(), 20);
  EXPECT_EQ(relay.batches.size(), 20U);
}

TEST_F(BatchTest, none_is_larger_than_a_receiver_has_room_for) {
  start_with(600);
  EXPECT_EQ(move(), 600);
  EXPECT_EQ(largest(), hupd::handover::most_in_batch);
}

TEST_F(BatchTest, one_that_carries_something_goes_alone) {
  start_with(64);
  for (Client& client : clients) client.send("GET / HT");  // waits in the kernel, or is unread
  settle();
  EXPECT_EQ(move(), 64);
  EXPECT_EQ(largest(), 1U);
}

TEST_F(BatchTest, that_finds_no_room_stays_and_is_served_here_and_goes_later) {
  start_with(200);
  relay.fits = 0;
  EXPECT_EQ(move(), 0);
  EXPECT_EQ(service->open(), 200U);
  expect_all_served();
  relay.room = true;
  relay.fits = hupd::handover::most_in_batch;
  service->go_on_handing_over();
  settle();
  EXPECT_EQ(relay.deliver(*next), 200);
}

TEST_F(BatchTest, that_is_refused_goes_one_by_one) {
  start_with(200);
  relay.most = 1;
  EXPECT_EQ(move(), 200);
  EXPECT_EQ(largest(), 1U);
  expect_all_served();
}

TEST_F(BatchTest, that_finds_nobody_is_told_to_close) {
  start_with(64);
  relay.anybody = false;
  EXPECT_EQ(move(), 0);
  for (Client& client : clients) {
    client.send(get);
    run_until_closed(client);
    ASSERT_EQ(client.end, Client::End::Finished);
    ASSERT_NE(client.received.find("Connection: close"), std::string::npos);
  }
}

TEST_F(BatchTest, of_those_to_be_evened_out_no_more_go_than_asked_for) {
  start_with(200);
  EXPECT_EQ(service->hand_over_some(relay, 100), 100U);
  settle();
  EXPECT_EQ(relay.deliver(*next), 100);
  EXPECT_EQ(largest(), 3U);
  expect_all_served();
}

class CutTest : public MoveTest, public testing::WithParamInterface<std::string> {};

TEST_P(CutTest, a_request_that_is_half_here_is_answered_whole) {
  const std::string& request = GetParam();
  start_both();
  Client whole = connect();
  const std::string expected = summary(exchange(whole, request + get));
  whole.vanish();
  for (std::size_t cut = 0; cut <= request.size(); ++cut) {
    run_until([&] { return service->open() + next->open() == 0; });
    service = another();
    next = another();
    Client client = connect();
    exchange(client, request.substr(0, cut));
    ASSERT_EQ(move(), 1) << cut;
    client.send(request.substr(cut) + get);
    ASSERT_EQ(answers(client), expected) << cut;
    ASSERT_EQ(client.end, Client::End::Open);
  }
}

INSTANTIATE_TEST_SUITE_P(requests, CutTest, testing::Values(get, post, chunked));

TEST_F(MoveTest, what_is_pipelined_behind_a_slow_answer_moves_with_the_connection) {
  hupd_exchange* kept = nullptr;
  app.request = [&](hupd_exchange* exchange, const hupd_request& request) {
    if (kept != nullptr) {
      respond(host.table, exchange, "there");
    } else {
      kept = exchange;
      EXPECT_EQ(hupd::test::text(request.target), "/");
    }
  };
  start_both();
  Client client = connect();
  exchange(client, get + get + get);
  EXPECT_EQ(move(), 0) << "the application has it in hand";
  respond(host.table, kept, "here");
  EXPECT_EQ(move(), 1);
  EXPECT_EQ(answers(client), "200 here|200 there|200 there");
  EXPECT_EQ(client.received.find("close"), std::string::npos);
}

TEST_F(MoveTest, an_upload_that_the_application_takes_in_pieces_is_finished_first) {
  app.head = [](hupd_exchange*, const hupd_request&) { return int{HUPD_BODY_PIECES}; };
  app.body = [this](hupd_exchange* exchange, std::string_view, bool last) {
    if (last) respond(host.table, exchange, "taken");
  };
  start_both();
  Client client = connect();
  exchange(client, post.substr(0, post.size() - 2));
  EXPECT_EQ(move(), 0);
  client.send(post.substr(post.size() - 2) + post);
  settle();
  EXPECT_EQ(relay.deliver(*next), 1);
  EXPECT_EQ(answers(client), "200 taken|200 taken");
}

TEST_F(MoveTest, without_room_it_is_served_on_and_moves_later) {
  start_both();
  relay.room = false;
  Client client = connect();
  EXPECT_EQ(move(), 0);
  EXPECT_EQ(exchange(client, get), client.received);
  EXPECT_EQ(answers(client), "200 GET / ");
  relay.room = true;
  service->go_on_handing_over();
  settle();
  EXPECT_EQ(relay.deliver(*next), 1);
  client.send(get);
  EXPECT_EQ(answers(client), "200 GET / |200 GET / ");
}

TEST_F(MoveTest,
       a_request_that_was_left_for_others_is_answered_here_when_there_is_no_room_after_all) {
  hupd_exchange* kept = nullptr;
  app.request = [&](hupd_exchange* exchange, const hupd_request&) {
    if (std::exchange(kept, exchange) != nullptr) respond(host.table, exchange, "second");
  };
  start_both();
  Client client = connect();
  exchange(client, get + get);
  EXPECT_EQ(move(), 0) << "the application has it in hand";
  relay.fits = 0;
  respond(host.table, kept, "first");
  EXPECT_EQ(answers(client), "200 first|200 second");
}

TEST_F(MoveTest, when_there_is_nobody_it_is_told_to_close) {
  start_both();
  relay.anybody = false;
  Client client = connect();
  EXPECT_EQ(move(), 0);
  client.send(get);
  run_until_closed(client);
  EXPECT_EQ(client.end, Client::End::Finished);
  EXPECT_NE(client.received.find("Connection: close"), std::string::npos);
}

TEST_F(MoveTest, a_request_too_large_to_move_is_answered_here_and_the_connection_moves_after_it) {
  start_both();
  relay.limit = 10;
  Client client = connect();
  exchange(client, post.substr(0, post.size() - 1));
  EXPECT_EQ(move(), 0);
  exchange(client, post.substr(post.size() - 1));
  EXPECT_EQ(summary(client.received), "200 POST /p hello");
  EXPECT_EQ(relay.deliver(*next), 1);
}

TEST_F(MoveTest, a_connection_of_another_protocol_is_ended_politely) {
  start_both();
  hupd::handover::Parcel parcel;
  parcel.protocol = hupd::handover::Protocol::Bytes;
  parcel.state = "nick=ann";
  Client client = adopt(*next, parcel);
  run_until_closed(client);
  EXPECT_EQ(client.end, Client::End::Finished);
  EXPECT_EQ(client.received, "");
}

TEST_F(MoveTest, no_byte_of_a_half_read_request_can_harm_who_takes_it_up) {
  start_both();
  Client client = connect();
  exchange(client, chunked.substr(0, chunked.find("lo")));
  ASSERT_EQ(move(), 1);
  const hupd::handover::Parcel good = relay.last;
  ASSERT_FALSE(good.state.empty());
  for (std::size_t at = 0; at < good.state.size(); ++at) {
    for (int value = 0; value < 256; value += 51) {
      hupd::handover::Parcel bad = good;
      bad.state[at] = static_cast<char>(value);
      Client other = adopt(*next, bad);
      other.send("lo\r\n0\r\n\r\n");
      settle();
    }
  }
}

}  // namespace
