// Sessions over time: later answers, bodies in pieces, limits, ends, draining.
#include <thread>

#include "raw_app.hpp"

namespace {

using hupd::test::Client;
using hupd::test::respond;
using hupd::test::str;
using std::chrono::milliseconds;

const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

class SessionTest : public hupd::test::RawTest {
 protected:
  // Requests are kept, to be answered by the test.
  void keep_requests() {
    app.request = [this](hupd_exchange* exchange, const hupd_request&) { kept = exchange; };
  }
  void take_pieces() {
    app.head = [this](hupd_exchange* exchange, const hupd_request&) {
      kept = exchange;
      return int{HUPD_BODY_PIECES};
    };
    app.body = [this](hupd_exchange* exchange, std::string_view piece, bool last) {
      pieces += piece;
      if (last) respond(host.table, exchange, std::to_string(pieces.size()));
    };
  }
  hupd_exchange* kept = nullptr;
  std::string pieces;
};

TEST_F(SessionTest, a_later_answer_holds_back_what_is_pipelined) {
  keep_requests();
  start();
  Client client = connect();
  EXPECT_EQ(exchange(client, get + get), "");
  hupd_exchange* first = std::exchange(kept, nullptr);
  settle();
  EXPECT_EQ(kept, nullptr);
  respond(host.table, first, "one");
  EXPECT_TRUE(app.log.empty()) << "no callback within a host function";
  settle();
  ASSERT_NE(kept, nullptr);
  respond(host.table, kept, "two");
  settle();
  client.poll();
  EXPECT_EQ(summary(client.received), "200 one|200 two");
  EXPECT_EQ(app.log, (std::vector<std::string>{"closed 1", "closed 1"}));
}

TEST_F(SessionTest, a_client_that_has_half_closed_is_still_answered) {
  keep_requests();
  start();
  Client client = connect();
  client.send(get);
  client.shut_down();
  settle();
  respond(host.table, kept, "late");
  run_until_closed(client);
  EXPECT_EQ(summary(client.received), "200 late");
  run_until([&] { return service->open() == 0; });
}

TEST_F(SessionTest, an_application_learns_that_its_client_was_reset) {
  keep_requests();
  start();
  Client client = connect_tcp();
  client.send(get);
  settle();
  ASSERT_NE(kept, nullptr);
  client.reset();
  run_until([&] { return service->open() == 0; });
  EXPECT_EQ(app.log, std::vector<std::string>{"closed 0"});
}

TEST_F(SessionTest, an_answer_to_a_client_that_is_gone_harms_nobody) {
  keep_requests();
  start();
  Client client = connect();
  Client other = connect();
  client.send(get);
  settle();
  client.vanish();
  const int first = respond(host.table, kept, std::string(1'000'000, 'x'));
  EXPECT_EQ(first, HUPD_GONE);
  EXPECT_EQ(respond(host.table, kept, "again"), HUPD_GONE);
  run_until([&] { return service->open() == 1; });
  EXPECT_EQ(app.log, std::vector<std::string>{"closed 0"});
}

TEST_F(SessionTest, what_a_client_pipelines_without_reading_is_bounded) {
  keep_requests();
  config.connection.read_buffer = 4096;
  config.http.max_header = 4096;
  start();
  Client client = connect();
  std::size_t sent = 0;
  for (int round = 0; round < 200; ++round) {
    for (int i = 0; i < 100; ++i) sent += client.send(get);
    settle();
  }
  EXPECT_LT(counters.bytes_read, 2 * 65536 + 4096U);
  EXPECT_GT(sent, counters.bytes_read);
}

TEST_F(SessionTest, a_body_in_pieces_is_not_limited) {
  take_pieces();
  config.http.max_body = 10;
  start();
  Client client = connect();
  EXPECT_EQ(summary(exchange(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n" +
                                         std::string(2000, 'a') + get)),
            "200 2000|200 2000");
}

TEST_F(SessionTest, a_paused_body_waits_and_nothing_is_lost) {
  take_pieces();
  const auto count = app.body;
  app.body = [&](hupd_exchange* exchange, std::string_view piece, bool last) {
    count(exchange, piece, last);
    if (!last) host.table.http_pause(exchange);
  };
  config.http.body_timeout = milliseconds(5);
  start();
  Client client = connect();
  client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  client.send("1\r\na\r\n1\r\nb\r\n0\r\n\r\n");
  client.shut_down();
  settle();
  EXPECT_EQ(pieces, "a");
  host.table.http_resume(kept);
  EXPECT_EQ(pieces, "a");
  settle();
  EXPECT_EQ(pieces, "ab");
  host.table.http_resume(kept);
  run_until_closed(client);
  EXPECT_EQ(summary(client.received), "200 2");
}

TEST_F(SessionTest, pausing_means_nothing_to_a_body_that_is_collected) {
  hupd_exchange* early = nullptr;
  app.head = [&](hupd_exchange* exchange, const hupd_request&) {
    host.table.http_pause(exchange);
    early = exchange;
    return int{HUPD_BODY_WHOLE};
  };
  start();
  Client client = connect();
  exchange(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab");
  host.table.http_pause(early);
  host.table.http_resume(early);
  EXPECT_EQ(summary(exchange(client, "cd")), "200 POST / abcd");
}

TEST_F(SessionTest, continue_is_said_when_the_body_is_wanted) {
  start();
  Client client = connect();
  const std::string expecting =
      "POST /p HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n";
  EXPECT_EQ(exchange(client, expecting), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(summary(exchange(client, "ab")), "200 POST /p ab");
  EXPECT_EQ(summary(exchange(client, expecting + "ab")), "200 POST /p ab");  // needs no telling
}

TEST_F(SessionTest, continue_is_not_said_when_the_body_is_refused) {
  app.head = [&](hupd_exchange* exchange, const hupd_request&) {
    respond(host.table, exchange, "no", 403);
    return int{HUPD_BODY_WHOLE};
  };
  config.http.max_body = 1;
  start();
  const std::string expecting =
      "POST /p HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
  Client refused = connect();
  EXPECT_EQ(summary(exchange(refused, expecting)), "403 no (close)");
  app.head = nullptr;
  Client too_large = connect();
  EXPECT_EQ(summary(exchange(too_large, expecting)), "413 Content Too Large\n (close)");
}

TEST_F(SessionTest, an_early_answer_leaves_a_small_body_to_be_discarded) {
  app.head = [&](hupd_exchange* exchange, const hupd_request& seen) {
    if (seen.method.size == 4) respond(host.table, exchange, "early", 403);
    return int{HUPD_BODY_WHOLE};
  };
  start();
  Client client = connect();
  EXPECT_EQ(summary(exchange(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n")),
            "403 early");
  EXPECT_EQ(summary(exchange(client, "123456789" + get)), "200 GET / ");
}

TEST_F(SessionTest, an_early_answer_to_a_large_upload_is_not_lost_to_a_reset) {
  config.http.max_body = 1000;
  start();
  Client client = connect_tcp();
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n");
  std::size_t sent = 0;
  const std::string block(50'000, 'a');
  run_until([&] {
    if (sent < 3'000'000) sent += client.send(block.substr(0, 3'000'000 - sent));
    return sent == 3'000'000;
  });
  client.poll();
  EXPECT_EQ(summary(client.received), "413 Content Too Large\n (close)");
  EXPECT_EQ(client.end, Client::End::Finished);
  client.vanish();
  run_until([&] { return service->open() == 0; });
}

TEST_F(SessionTest, an_endless_chunked_body_behind_an_answer_ends_the_connection) {
  app.head = [&](hupd_exchange* exchange, const hupd_request&) {
    respond(host.table, exchange, "early", 403);
    return int{HUPD_BODY_WHOLE};
  };
  config.connection.linger_timeout = milliseconds(20);
  start();
  Client client = connect();
  client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "1000\r\n" + std::string(4096, 'a') + "\r\n";
  std::string unsent;
  run_until(
      [&] {
        if (unsent.empty()) unsent = chunk;
        unsent.erase(0, client.send(unsent));
        return client.end != Client::End::Open;
      },
      &client);
  EXPECT_EQ(client.end, Client::End::Finished);
}

// ---- time limits ----

TEST_F(SessionTest, a_head_that_does_not_end_is_answered_408) {
  config.http.header_timeout = milliseconds(30);
  config.http.max_header = 64 << 20;
  start();
  Client client = connect();
  client.send("GET / HTTP/1.1\r\nHost: x\r\nA: ");
  run_until(
      [&] {
        client.send("a");  // progress does not help: the limit is for all of the head
        return client.end != Client::End::Open;
      },
      &client);
  EXPECT_EQ(summary(client.received), "408 Request Timeout\n (close)");
  EXPECT_EQ(counters.timeouts, 1U);
}

TEST_F(SessionTest, a_body_that_pauses_is_answered_408) {
  config.http.body_timeout = milliseconds(20);
  start();
  Client client = connect();
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab");
  run_until_closed(client);
  EXPECT_EQ(summary(client.received), "408 Request Timeout\n (close)");
}

TEST_F(SessionTest, an_idle_connection_is_closed_without_a_word) {
  config.http.idle_timeout = milliseconds(20);
  start();
  Client silent = connect();
  Client client = connect_tcp();
  EXPECT_EQ(summary(exchange(client, get)), "200 GET / ");
  client.received.clear();
  run_until_closed(client);
  run_until_closed(silent);
  EXPECT_EQ(client.received + silent.received, "");
  EXPECT_EQ(client.end, Client::End::Finished);
}

// A worker that had no time for longer than a limit has not seen yet what came within it.
TEST_F(SessionTest, a_request_that_waits_when_its_time_is_up_is_answered) {
  config.http.idle_timeout = config.http.header_timeout = milliseconds(20);
  start();
  Client idle = connect();
  Client half = connect();
  EXPECT_EQ(summary(exchange(idle, get)), "200 GET / ");
  exchange(half, std::string_view(get).substr(0, 10));
  idle.received.clear();
  idle.send(get);
  half.send(std::string_view(get).substr(10));
  std::this_thread::sleep_for(milliseconds(100));
  settle();
  idle.poll();
  half.poll();
  EXPECT_EQ(summary(idle.received), "200 GET / ");
  EXPECT_EQ(summary(half.received), "200 GET / ");
  EXPECT_EQ(counters.timeouts, 0U);
}

TEST_F(SessionTest, a_reader_without_progress_is_cut) {
  config.http.write_timeout = milliseconds(20);
  app.request = [&](hupd_exchange* exchange, const hupd_request&) {
    respond(host.table, exchange, std::string(5'000'000, 'x'));
  };
  start();
  Client client = connect();
  client.send(get);
  run_until([&] { return service->open() == 0; });
  EXPECT_EQ(app.log, std::vector<std::string>{"closed 0"});
  EXPECT_EQ(counters.timeouts, 1U);
}

TEST_F(SessionTest, an_application_may_take_longer_than_every_limit) {
  keep_requests();
  config.http.idle_timeout = config.http.header_timeout = config.http.body_timeout =
      config.http.write_timeout = milliseconds(5);
  start();
  Client client = connect();
  client.send(get);
  settle();
  const std::uint64_t begun = uv_now(&loop);
  run_until([&] { return uv_now(&loop) > begun + 25; });
  respond(host.table, kept, "slow");
  run_until([&] { return !client.received.empty(); }, &client);
  EXPECT_EQ(summary(client.received), "200 slow");
}

TEST_F(SessionTest, a_peer_that_never_closes_is_waited_for_no_longer_than_linger_timeout) {
  config.connection.linger_timeout = milliseconds(20);
  start();
  Client client = connect_tcp();
  exchange(client, "nonsense\r\n\r\n");
  EXPECT_EQ(client.end, Client::End::Finished);
  EXPECT_EQ(service->open(), 1U);
  run_until([&] { return service->open() == 0; });
}

// ---- draining ----

TEST_F(SessionTest, an_idle_connection_is_answered_once_more_when_draining) {
  start();
  Client client = connect_tcp();
  EXPECT_EQ(summary(exchange(client, get)), "200 GET / ");
  service->drain();
  settle();
  client.poll();
  EXPECT_EQ(client.end, Client::End::Open);
  EXPECT_EQ(summary(exchange(client, get)), "200 GET /  (close)");
  run_until_closed(client);
  EXPECT_EQ(client.end, Client::End::Finished);
  client.vanish();
  run_until([&] { return service->open() == 0; });
}

TEST_F(SessionTest, everything_pipelined_is_answered_when_draining) {
  start();
  Client client = connect();
  service->drain();
  std::string many;
  for (int i = 0; i < 5; ++i) many += get;
  EXPECT_EQ(summary(exchange(client, many)),
            "200 GET / |200 GET / |200 GET / |200 GET / |200 GET /  (close)");
}

TEST_F(SessionTest, pipelined_requests_that_the_kernel_still_holds_are_answered_when_draining) {
  keep_requests();
  config.connection.read_buffer = 4096;
  config.http.max_header = 4096;
  start();
  Client client = connect();
  std::size_t count = 0;
  std::string all;
  while (all.size() + get.size() < 150'000) {
    all += get;
    ++count;
  }
  ASSERT_EQ(client.send(all), all.size());
  settle();
  service->drain();
  app.request = [&](hupd_exchange* exchange, const hupd_request&) {
    respond(host.table, exchange, "");
  };
  respond(host.table, kept, "");
  run_until_closed(client);
  EXPECT_EQ(counters.requests, count);
  EXPECT_EQ(client.end, Client::End::Finished);
}

TEST_F(SessionTest, a_request_in_hand_is_finished_when_draining) {
  keep_requests();
  start();
  Client client = connect();
  client.send(get);
  settle();
  service->drain();
  settle();
  respond(host.table, kept, "done");
  run_until_closed(client);
  EXPECT_EQ(summary(client.received), "200 done (close)");
}

TEST_F(SessionTest, half_a_request_is_finished_when_draining) {
  start();
  Client client = connect();
  client.send(get.substr(0, 10));
  settle();
  service->drain();
  EXPECT_EQ(summary(exchange(client, get.substr(10))), "200 GET /  (close)");
}

TEST_F(SessionTest, quitting_counts_what_it_cuts) {
  keep_requests();
  start();
  Client idle = connect();
  Client busy = connect();
  busy.send(get);
  settle();
  bool emptied = false;
  service->on_empty([&] { emptied = true; });
  EXPECT_EQ(service->open(), 2U);
  EXPECT_EQ(service->quit(), 1U);
  run_until([&] { return emptied; });
  EXPECT_EQ(app.log, std::vector<std::string>{"closed 0"});
}

TEST_F(SessionTest, bytes_that_were_read_elsewhere_come_first) {
  start();
  Client client = connect(get.substr(0, 7));
  EXPECT_EQ(summary(exchange(client, get.substr(7) + get)), "200 GET / |200 GET / ");
}

TEST_F(SessionTest, names_its_peer) {
  app.request = [&](hupd_exchange* exchange, const hupd_request&) {
    respond(host.table, exchange, hupd::test::text(host.table.http_peer(exchange)));
  };
  start();
  Client tcp = connect_tcp();
  EXPECT_TRUE(summary(exchange(tcp, get)).starts_with("200 127.0.0.1:"));
  Client local = connect();
  EXPECT_EQ(summary(exchange(local, get)), "200 unix");
}

}  // namespace
