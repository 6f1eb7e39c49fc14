// Connections that go on in another protocol, which an application of the http height speaks.
#include <functional>
#include <string>
#include <vector>

#include <sys/resource.h>

#include <hupd/http.hpp>

#include "http/service.hpp"
#include "raw_app.hpp"
#include "relay.hpp"

namespace {

using hupd::test::Client;
using hupd::test::respond;
using hupd::test::str;
using hupd::test::text;
using Log = std::vector<std::string>;

const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string fields = "Host: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: lines\r\n";
const std::string ask = "GET /up HTTP/1.1\r\n" + fields + "\r\n";

// What is upgraded answers each line with its number; the number is the state.
struct Lines : hupd::test::RawApp {
  hupd_connection_ops lines{};
  const hupd_host* host = nullptr;
  hupd_connection* last = nullptr;
  bool opens = true;
  bool adopts = true;

  void say(hupd_connection* connection, std::string_view line) const {
    host->connection_write(connection, str(line));
  }
  static Lines& of(void* self) { return *static_cast<Lines*>(static_cast<RawApp*>(self)); }

  Lines() {
    lines.size = sizeof lines;
    lines.open = [](void* self, hupd_connection* connection, void** state) {
      of(self).log.emplace_back("open");
      of(self).last = connection;
      if (of(self).opens && *state != nullptr) return 0;
      delete static_cast<int*>(*state);  // nobody else will
      return -1;
    };
    lines.data = [](void* self, hupd_connection* connection, void* state, hupd_str bytes) {
      const std::string_view all(bytes.data, bytes.size);
      std::size_t used = 0;
      for (std::size_t end = 0; (end = all.find('\n', used)) != std::string_view::npos;) {
        const std::string number = std::to_string(++*static_cast<int*>(state));
        of(self).say(connection, number + std::string(all.substr(used, end + 1 - used)));
        used = end + 1;
      }
      return used;
    };
    lines.end = [](void* self, hupd_connection* connection, void*) {
      of(self).log.emplace_back("end");
      of(self).host->connection_finish(connection);
    };
    lines.drain = [](void* self, hupd_connection* connection, void*) {
      of(self).say(connection, "bye\n");
      of(self).host->connection_finish(connection);
    };
    lines.closed = [](void* self, hupd_connection*, void* state) {
      of(self).log.emplace_back("end of lines");
      delete static_cast<int*>(state);
    };
    lines.export_state = [](void* self, hupd_connection*, void* state, hupd_export* out) {
      const std::string count = std::to_string(*static_cast<int*>(state));
      of(self).host->state_append(out, 1, str(count));
      return int{HUPD_MOVE};
    };
    lines.adopt = [](void* self, hupd_connection* connection, const hupd_state* exported,
                     void** state) {
      of(self).last = connection;
      if (!of(self).adopts) return -1;
      *state = new int(std::stoi(text(exported->bytes)));
      return 0;
    };
    lines.refused = [](void* self, hupd_connection* connection) {
      of(self).say(connection, "come again\n");
    };
    lines.moved = lines.closed;
    ops.upgraded = &lines;
  }
};

class UpgradeTest : public hupd::test::RawTest {
 protected:
  UpgradeTest() {
    app.host = &host.table;
    app.request = [this](hupd_exchange* exchange, const hupd_request& seen) {
      if (text(seen.target) != "/up") {
        respond(host.table, exchange, "plain");
      } else if (upgrade(exchange) == HUPD_GONE) {
        respond(host.table, exchange, "cannot", 426);
      }
    };
  }
  void start() { serve(app.table, raw()); }
  hupd::test::RawApp* raw() { return &app; }
  void start_both() {
    start();
    next =
        hupd::http1::make_service({&loop, app.table, raw(), reinterpret_cast<hupd_worker*>(&loop),
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
  int upgrade(hupd_exchange* exchange,
              std::vector<hupd_header> head = {{str("Upgrade"), str("lines")}}) {
    const hupd_response response{sizeof response, status, head.data(), head.size(), {}};
    const int result = host.table.http_upgrade(exchange, &response);
    if (result == HUPD_WRITTEN) host.table.http_set_data(exchange, new int(0));
    return result;
  }
  // The answer without its date.
  std::string answer(Client& client, std::string_view request) {
    std::string all = exchange(client, request);
    const std::size_t date = all.find("Date: ");
    return all.erase(date, all.find("\r\n", date) + 2 - date);
  }
  std::string heard(Client& client, std::string_view said) {
    client.received.clear();
    return exchange(client, said);
  }
  int move() {
    service->hand_over(relay);
    settle();
    return relay.deliver(*next);
  }

  const std::string switched =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: lines\r\nConnection: Upgrade\r\n\r\n";
  unsigned status = 101;
  Lines app;  // hides that of RawTest
  hupd::test::Relay relay;
  hupd::connection::Counters next_counters;
  std::unique_ptr<hupd::connection::Service> next;
};

TEST_F(UpgradeTest, goes_on_as_a_connection_with_what_came_behind_the_request) {
  start();
  Client client = connect();
  EXPECT_EQ(answer(client, ask + "a\nb\nhal"), switched + "1a\n2b\n");
  EXPECT_EQ(heard(client, "f\n"), "3half\n");
  EXPECT_EQ(app.log, (Log{"closed 1", "open"}));
  EXPECT_EQ(host.table.connection_listener(app.last).size, std::string("unix:test").size());
  client.shut_down();
  run_until_closed(client);
  run_until([&] { return service->open() == 0; });
  EXPECT_EQ(app.log, (Log{"closed 1", "open", "end", "end of lines"}));
}

TEST_F(UpgradeTest, wherever_the_bytes_are_cut) {
  start();
  const std::string all = get + ask + "a\nb\n";
  for (std::size_t cut = 1; cut < all.size(); ++cut) {
    Client client = connect();
    client.send(all.substr(0, cut));
    settle();
    client.send(all.substr(cut));
    settle();
    client.poll();
    ASSERT_TRUE(client.received.ends_with("1a\n2b\n")) << cut << client.received;
    ASSERT_TRUE(summary(client.received).starts_with("200 plain|101 ")) << cut;
  }
}

TEST_F(UpgradeTest, counts_as_one_connection_and_one_request) {
  start();
  Client client = connect();
  exchange(client, ask);
  EXPECT_EQ(service->open(), 1U);
  EXPECT_EQ(counters.accepted, 1U);
  EXPECT_EQ(counters.closed, 0U);
  EXPECT_EQ(counters.requests, 1U);
  client.vanish();
  run_until([&] { return service->open() == 0; });
  EXPECT_EQ(counters.accepted, 1U);
  EXPECT_EQ(counters.closed, 1U);
  EXPECT_EQ(app.log, (Log{"closed 1", "open", "end", "end of lines"}));
}

TEST_F(UpgradeTest, a_client_that_asks_is_served_as_plain_when_the_application_likes) {
  start();
  Client client = connect();
  EXPECT_EQ(summary(exchange(client, "GET / HTTP/1.1\r\n" + fields + "\r\n" + get)),
            "200 plain|200 plain");
}

TEST_F(UpgradeTest, where_there_cannot_be_one_the_request_waits_for_another_answer) {
  start();
  const auto refused = [&](const std::string& request) {
    Client client = connect();
    return summary(exchange(client, request));
  };
  EXPECT_EQ(refused("GET /up HTTP/1.1\r\nHost: x\r\n\r\n" + get), "426 cannot|200 plain");
  EXPECT_EQ(refused("GET /up HTTP/1.1\r\nHost: x\r\nUpgrade: lines\r\n\r\n"), "426 cannot");
  EXPECT_EQ(refused("GET /up HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n\r\n"), "426 cannot");
  EXPECT_EQ(refused("GET /up HTTP/1.0\r\n" + fields + "\r\n"), "426 cannot");
  EXPECT_EQ(refused("GET /up HTTP/1.1\r\n" + fields + "Connection: close\r\n\r\n"),
            "426 cannot (close)");
  EXPECT_EQ(app.log.size(), 6U);
}

TEST_F(UpgradeTest, the_body_of_the_request_comes_first) {
  const std::string post = "POST /up HTTP/1.1\r\n" + fields + "Content-Length: 2\r\n\r\n";
  start();
  Client client = connect();
  EXPECT_EQ(exchange(client, post + "x"), "");
  EXPECT_EQ(answer(client, "ya\n"), switched + "1a\n");
}

TEST_F(UpgradeTest, a_body_in_pieces_comes_first_too) {
  const std::string post = "POST /up HTTP/1.1\r\n" + fields + "Content-Length: 2\r\n\r\n";
  int early = HUPD_WRITTEN;
  hupd_exchange* kept = nullptr;
  app.head = [&](hupd_exchange* exchange, const hupd_request&) {
    kept = exchange;
    early = upgrade(exchange);
    return int{HUPD_BODY_PIECES};
  };
  app.body = [&](hupd_exchange*, std::string_view, bool last) {
    if (last) upgrade(kept);
  };
  start();
  Client client = connect();
  EXPECT_EQ(exchange(client, post + "x"), "");
  EXPECT_EQ(early, HUPD_GONE);
  EXPECT_EQ(answer(client, "ya\n"), switched + "1a\n");
}

TEST_F(UpgradeTest, a_request_without_a_body_may_be_upgraded_by_its_head) {
  app.head = [&](hupd_exchange* exchange, const hupd_request&) {
    upgrade(exchange);
    return int{HUPD_BODY_WHOLE};
  };
  start();
  Client client = connect();
  EXPECT_EQ(answer(client, ask + "a\n"), switched + "1a\n");
}

TEST_F(UpgradeTest, later_and_once_only) {
  hupd_exchange* kept = nullptr;
  app.request = [&](hupd_exchange* exchange, const hupd_request&) { kept = exchange; };
  start();
  Client client = connect();
  EXPECT_EQ(exchange(client, ask + "a\n"), "");
  EXPECT_EQ(upgrade(kept), HUPD_WRITTEN);
  EXPECT_EQ(app.log, Log{}) << "no callback within a host function";
  EXPECT_EQ(respond(host.table, kept, "too late"), HUPD_GONE);
  const hupd_response again{sizeof again, 101, nullptr, 0, {}};
  EXPECT_EQ(host.table.http_upgrade(kept, &again), HUPD_GONE);
  EXPECT_EQ(answer(client, ""), switched + "1a\n");
}

TEST_F(UpgradeTest, not_after_a_response_was_begun) {
  int result = HUPD_WRITTEN;
  app.request = [&](hupd_exchange* exchange, const hupd_request&) {
    const hupd_response head{sizeof head, 200, nullptr, 0, {}};
    host.table.http_begin(exchange, &head, 2);
    result = upgrade(exchange);
    host.table.http_write(exchange, str("ok"));
    host.table.http_end(exchange);
  };
  start();
  Client client = connect();
  EXPECT_EQ(summary(exchange(client, ask + get)), "200 ok|200 ok");
  EXPECT_EQ(result, HUPD_GONE);
}

TEST_F(UpgradeTest, mistakes_of_the_application_are_logged_and_do_nothing) {
  std::vector<hupd_header> head = {{str("Upgrade"), str("lines")}};
  app.request = [&](hupd_exchange* exchange, const hupd_request&) {
    if (upgrade(exchange, head) == HUPD_GONE) respond(host.table, exchange, "sorry", 500);
  };
  start();
  Client client = connect();
  status = 200;
  EXPECT_EQ(summary(exchange(client, ask)), "500 sorry");
  status = 101;
  head = {{str("X"), str("y")}};
  EXPECT_EQ(summary(exchange(client, ask)), "500 sorry");
  head = {{str("Upgrade"), str("lines\r\nX: y")}};
  EXPECT_EQ(summary(exchange(client, ask)), "500 sorry");
  EXPECT_EQ(host.lines.size(), 3U);
}

TEST_F(UpgradeTest, an_application_of_an_older_header_has_none) {
  app.ops.size = offsetof(hupd_http_ops, upgraded);
  start();
  Client client = connect();
  EXPECT_EQ(summary(exchange(client, ask + get)), "426 cannot|200 plain");
  EXPECT_EQ(host.lines.size(), 1U);
}

TEST_F(UpgradeTest, without_a_free_descriptor_the_request_is_answered_and_nothing_lost) {
  start();
  Client client = connect();
  exchange(client, get);
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const rlimit none{0, before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &none);
  const std::string answered = summary(exchange(client, ask));
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(answered, "426 cannot");
  EXPECT_EQ(answer(client, ask + "a\n"), switched + "1a\n");
}

TEST_F(UpgradeTest, one_that_is_not_opened_is_closed_at_once) {
  app.opens = false;
  start();
  Client client = connect();
  client.send(ask);
  run_until_closed(client);
  EXPECT_EQ(app.log, (Log{"closed 1", "open"}));
}

TEST_F(UpgradeTest, what_is_sent_before_an_end_is_heard) {
  start();
  Client client = connect();
  client.send(ask + "a\n");
  client.shut_down();
  run_until_closed(client);
  EXPECT_TRUE(client.received.ends_with("1a\n")) << client.received;
  EXPECT_EQ(client.end, Client::End::Finished);
}

TEST_F(UpgradeTest, over_tcp_and_with_the_peer_known) {
  start();
  Client client = connect_tcp();
  client.send(ask);
  run_until([&] { return app.last != nullptr; }, &client);
  EXPECT_TRUE(text(host.table.connection_peer(app.last)).starts_with("127.0.0.1:"));
  client.send("a\n");
  run_until([&] { return client.received.ends_with("1a\n"); }, &client);
}

TEST_F(UpgradeTest, the_connections_own_time_limit_holds) {
  config.connection.idle_timeout = std::chrono::milliseconds(30);
  start();
  Client client = connect();
  exchange(client, ask);
  run_until_closed(client);
  EXPECT_EQ(client.end, Client::End::Finished);
  EXPECT_EQ(counters.timeouts, 1U);
}

// ---- when the worker ends ----

TEST_F(UpgradeTest, a_drain_is_said_to_it) {
  start();
  Client client = connect();
  exchange(client, ask);
  client.received.clear();
  service->drain();
  run_until_closed(client);
  EXPECT_EQ(client.received, "bye\n");
}

TEST_F(UpgradeTest, one_that_comes_about_during_a_drain_is_told_at_once) {
  hupd_exchange* kept = nullptr;
  app.request = [&](hupd_exchange* exchange, const hupd_request&) { kept = exchange; };
  start();
  Client client = connect();
  exchange(client, ask);
  service->drain();
  upgrade(kept);
  run_until_closed(client);
  EXPECT_TRUE(client.received.ends_with("bye\n")) << client.received;
}

TEST_F(UpgradeTest, a_quick_end_counts_it_as_cut) {
  start();
  Client client = connect();
  exchange(client, ask);
  EXPECT_EQ(service->quit(), 1U);
}

// ---- to another worker ----

TEST_F(UpgradeTest, moves_with_its_state_and_its_half_typed_line) {
  start_both();
  Client client = connect();
  exchange(client, ask + "a\nhal");
  EXPECT_EQ(move(), 1);
  EXPECT_EQ(relay.last.protocol, hupd::handover::Protocol::Upgraded);
  EXPECT_EQ(heard(client, "f\n"), "2half\n");
  EXPECT_EQ(client.end, Client::End::Open);
  EXPECT_EQ(app.log, (Log{"closed 1", "open", "end of lines"}));
}

TEST_F(UpgradeTest, one_that_comes_about_while_the_worker_retires_moves_at_once) {
  hupd_exchange* kept = nullptr;
  app.request = [&](hupd_exchange* exchange, const hupd_request&) { kept = exchange; };
  start_both();
  Client client = connect();
  exchange(client, ask);
  EXPECT_EQ(move(), 0);
  upgrade(kept);
  settle();
  EXPECT_EQ(relay.deliver(*next), 1);
  EXPECT_EQ(answer(client, "a\n"), switched + "1a\n");
}

TEST_F(UpgradeTest, a_version_that_cannot_go_on_says_good_bye) {
  app.adopts = false;
  start_both();
  Client client = connect();
  exchange(client, ask);
  client.received.clear();
  EXPECT_EQ(move(), 1);
  run_until_closed(client);
  EXPECT_EQ(client.received, "come again\n");
  EXPECT_EQ(client.end, Client::End::Finished);
}

TEST_F(UpgradeTest, a_version_without_upgrades_ends_it_politely) {
  start();
  app.ops.upgraded = nullptr;
  next = hupd::http1::make_service({&loop, app.table, raw(), reinterpret_cast<hupd_worker*>(&loop),
                                    config, host.table, next_counters});
  Client client = connect();
  exchange(client, ask);
  client.received.clear();
  EXPECT_EQ(move(), 1);
  run_until_closed(client);
  EXPECT_EQ(client.received, "");
  EXPECT_EQ(client.end, Client::End::Finished);
}

TEST_F(UpgradeTest, one_that_must_not_be_adopted_is_ended_without_a_callback) {
  start_both();
  Client client = connect();
  exchange(client, ask);
  service->hand_over(relay);
  settle();
  app.log.clear();
  relay.turn_away = true;
  EXPECT_EQ(relay.deliver(*next), 1);
  run_until_closed(client);
  EXPECT_EQ(client.end, Client::End::Finished);
  EXPECT_EQ(app.log, Log{});
}

// ---- in C++ ----

struct Echo : hupd::Protocol {
  explicit Echo(hupd::Connection with, std::string greeting = "hello\n") : Protocol(with) {
    connection.write(greeting);
  }
  std::size_t data(std::string_view bytes) override {
    connection.write(bytes);
    return bytes.size();
  }
  hupd::Move move() override { return hupd::Move::now(3, "state"); }
};

struct Site : hupd::http::Service {
  void serve(const hupd::http::Request& request, hupd::http::Exchange& exchange) override {
    if (request.path() == "/later") {
      kept = exchange.later();
      kept.on_closed([this](bool completed) { closed = completed; });
    } else if (exchange.upgrade(hupd::http::upgrade_to("echo"), [&](hupd::Connection with) {
                 if (make_throws) throw std::runtime_error("not this one");
                 return std::make_unique<Echo>(with);
               }) == hupd::Written::Gone) {
      exchange.respond(hupd::http::status(426));
    }
  }
  std::unique_ptr<hupd::Protocol> adopt(hupd::Connection with, hupd::State state) override {
    if (state.version != 3 || refuses) return nullptr;
    return std::make_unique<Echo>(with, "again with " + std::string(state.bytes) + "\n");
  }
  void refused(hupd::Connection connection) override { connection.write("come again\n"); }

  hupd::http::Responder kept;
  bool closed = false;
  bool make_throws = false;
  bool refuses = false;
};

class UpgradeServiceTest : public UpgradeTest {
 protected:
  UpgradeServiceTest() {
    EXPECT_EQ(table.create(&host.table, &made), 0);
    const auto service_on = [&](hupd::connection::Counters& with) {
      return hupd::http1::make_service(
          {&loop, table, made, reinterpret_cast<hupd_worker*>(&loop), config, host.table, with});
    };
    service = service_on(counters);
    next = service_on(next_counters);
  }
  ~UpgradeServiceTest() override { table.stop(made); }
  Site& site() { return *static_cast<Site*>(static_cast<hupd::http::Service*>(made)); }

  const hupd_app table = Site::hupd_table<Site>("1");
  void* made = nullptr;
};

TEST_F(UpgradeServiceTest, a_protocol_takes_over_and_moves) {
  Client client = connect();
  EXPECT_TRUE(exchange(client, ask + "a\n").ends_with("\r\n\r\nhello\na\n")) << client.received;
  EXPECT_EQ(move(), 1);
  EXPECT_EQ(heard(client, "b\n"), "again with state\nb\n");
  EXPECT_TRUE(host.lines.empty());
}

TEST_F(UpgradeServiceTest, a_refusal_is_said) {
  Client client = connect();
  exchange(client, ask);
  client.received.clear();
  site().refuses = true;
  EXPECT_EQ(move(), 1);
  run_until_closed(client);
  EXPECT_EQ(client.received, "come again\n");
}

TEST_F(UpgradeServiceTest, who_does_not_ask_gets_another_answer) {
  Client client = connect();
  EXPECT_TRUE(exchange(client, get).starts_with("HTTP/1.1 426 "));
}

TEST_F(UpgradeServiceTest, a_responder_upgrades_later) {
  Client client = connect();
  exchange(client, "GET /later HTTP/1.1\r\n" + fields + "\r\na\n");
  const auto make = [](hupd::Connection with) { return std::make_unique<Echo>(with); };
  EXPECT_EQ(site().kept.upgrade(hupd::http::upgrade_to("echo"), make), hupd::Written::Taken);
  EXPECT_TRUE(exchange(client, "").ends_with("hello\na\n"));
  EXPECT_TRUE(site().closed);
  EXPECT_EQ(site().kept.upgrade(hupd::http::upgrade_to("echo"), make), hupd::Written::Gone);
}

TEST_F(UpgradeServiceTest, who_is_gone_before_leaves_nothing_behind) {
  Client client = connect_tcp();
  client.send("GET /later HTTP/1.1\r\n" + fields + "\r\n");
  run_until([&] { return site().kept.is_open(); });
  client.reset();
  settle();
  site().kept.upgrade(hupd::http::upgrade_to("echo"),
                      [](hupd::Connection with) { return std::make_unique<Echo>(with); });
  run_until([&] { return service->open() == 0; });
}

TEST_F(UpgradeServiceTest, a_protocol_that_cannot_be_made_closes_the_connection) {
  site().make_throws = true;
  Client client = connect();
  client.send(ask);
  run_until_closed(client);
  EXPECT_EQ(host.lines, Log{"not this one"});
}

}  // namespace
