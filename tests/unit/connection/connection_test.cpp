// Connections as an application of the connection height sees them, on a real loop.
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "fixture.hpp"

namespace {

using hupd::test::Client;
using std::chrono::milliseconds;

// What the callbacks do is the test's; what they saw is in `log`.
struct App {
  std::function<std::size_t(hupd_connection*, std::string_view)> data =
      [](hupd_connection*, std::string_view bytes) { return bytes.size(); };
  std::function<void(hupd_connection*)> writable = [](hupd_connection*) {};
  int open_result = 0;
  hupd_connection* last = nullptr;
  std::string received;
  std::vector<std::string> log;
};

class ConnectionTest : public hupd::test::ServiceTest {
 protected:
  ConnectionTest() {
    ops.size = sizeof ops;
    ops.open = [](void* self, hupd_connection* connection, void** state) {
      auto& seen = *static_cast<App*>(self);
      seen.last = connection;
      *state = &seen;
      return seen.open_result;
    };
    ops.data = [](void* self, hupd_connection* connection, void*, hupd_str bytes) {
      auto& seen = *static_cast<App*>(self);
      seen.received.append(bytes.data, bytes.size);
      return seen.data(connection, {bytes.data, bytes.size});
    };
    ops.writable = [](void* self, hupd_connection* connection, void*) {
      static_cast<App*>(self)->writable(connection);
    };
    ops.closed = [](void*, hupd_connection*, void* state) {
      static_cast<App*>(state)->log.emplace_back("closed");
    };
    table.size = sizeof table;
    table.connection = &ops;
  }
  void start() { serve(table, &app); }
  int write(std::string_view bytes) {
    return host.table.connection_write(app.last, {bytes.data(), bytes.size()});
  }

  App app;
  hupd_connection_ops ops{};
  hupd_app table{};
};

TEST_F(ConnectionTest, unused_bytes_come_again_in_front_of_the_next) {
  app.data = [](hupd_connection*, std::string_view bytes) -> std::size_t {
    const std::size_t end = bytes.find('\n');
    return end == std::string_view::npos ? 0 : end + 1;
  };
  start();
  Client client = connect();
  exchange(client, "ab");
  exchange(client, "c\nd");
  exchange(client, "e");
  exchange(client, "f\n");
  EXPECT_EQ(app.received,
            "ab"
            "abc\nd"
            "de"
            "def\n");
}

TEST_F(ConnectionTest, more_unused_bytes_than_allowed_end_the_connection) {
  app.data = [](hupd_connection*, std::string_view) { return std::size_t{0}; };
  config.connection.read_buffer = 1000;
  start();
  Client client = connect();
  exchange(client, std::string(999, 'a'));
  EXPECT_EQ(client.end, Client::End::Open);
  exchange(client, "a");
  EXPECT_EQ(client.end, Client::End::Finished);
  EXPECT_EQ(host.lines.size(), 1U);
}

TEST_F(ConnectionTest, a_paused_reader_makes_the_sender_wait_and_loses_nothing) {
  start();
  Client client = connect();
  host.table.connection_pause(app.last);
  const std::string block(100'000, 'a');
  std::size_t sent = 0;
  while (const std::size_t part = client.send(block)) sent += part;
  settle();
  EXPECT_EQ(counters.bytes_read, 0U);
  host.table.connection_resume(app.last);
  run_until([&] { return counters.bytes_read == sent; });
}

TEST_F(ConnectionTest, bytes_kept_through_a_pause_come_with_the_resume) {
  app.data = [&](hupd_connection* connection, std::string_view) -> std::size_t {
    host.table.connection_pause(connection);
    return 1;
  };
  start();
  Client client = connect();
  exchange(client, "abc");
  EXPECT_EQ(app.received, "abc");
  host.table.connection_resume(app.last);
  EXPECT_EQ(app.received, "abc") << "no callback within a host function";
  settle();
  EXPECT_EQ(app.received, "abcbc");
}

TEST_F(ConnectionTest, a_writer_is_held_back_by_a_slow_reader) {
  std::size_t written = 0;
  const std::string block(50'000, 'a');
  const auto fill = [&](hupd_connection*) {
    while (written < 5'000'000) {
      written += block.size();
      if (write(block) == HUPD_FULL) return;
    }
    host.table.connection_finish(app.last);
  };
  app.writable = fill;
  start();
  Client client = connect();
  fill(app.last);
  settle();
  EXPECT_LT(written, 2'000'000U);
  run_until_closed(client);
  EXPECT_EQ(client.received.size(), 5'000'000U);
  EXPECT_EQ(client.end, Client::End::Finished);
  EXPECT_EQ(counters.bytes_written, 5'000'000U);
}

TEST_F(ConnectionTest, finishing_loses_nothing_even_with_unread_bytes) {
  app.data = [&](hupd_connection* connection, std::string_view bytes) {
    write("answer");
    host.table.connection_finish(connection);
    EXPECT_EQ(write("too late"), HUPD_GONE);
    return bytes.size();
  };
  start();
  Client client = connect_tcp();
  const std::string block(100'000, 'a');
  for (int i = 0; i < 20; ++i) {
    client.send(block);
    settle();
  }
  run_until_closed(client);
  EXPECT_EQ(client.received, "answer");
  EXPECT_EQ(client.end, Client::End::Finished);
  EXPECT_TRUE(app.log.empty()) << "the peer has not closed yet";
  client.vanish();
  run_until([&] { return app.log.size() == 1; });
}

TEST_F(ConnectionTest, a_flush_that_stalls_ends_after_linger_timeout) {
  config.connection.linger_timeout = milliseconds(20);
  start();
  Client client = connect();
  write(std::string(3'000'000, 'a'));
  host.table.connection_finish(app.last);
  run_until([&] { return service->open() == 0; });
}

TEST_F(ConnectionTest, aborting_closes_at_once_and_tells_once) {
  start();
  Client client = connect();
  write(std::string(3'000'000, 'a'));
  host.table.connection_abort(app.last);
  host.table.connection_abort(app.last);
  EXPECT_TRUE(app.log.empty()) << "no callback within a host function";
  settle();
  EXPECT_EQ(app.log, std::vector<std::string>{"closed"});
}

TEST_F(ConnectionTest, a_connection_that_the_application_refuses_is_closed_without_closed) {
  app.open_result = -1;
  start();
  Client client = connect();
  run_until_closed(client);
  run_until([&] { return service->open() == 0; });
  EXPECT_TRUE(app.log.empty());
}

TEST_F(ConnectionTest, the_peers_end_flushes_and_closes) {
  start();
  Client client = connect();
  write("last words");
  client.shut_down();
  run_until_closed(client);
  EXPECT_EQ(client.received, "last words");
  run_until([&] { return app.log.size() == 1; });
}

TEST_F(ConnectionTest, idle_connections_end_and_busy_ones_do_not) {
  config.connection.idle_timeout = milliseconds(60);
  start();
  Client busy = connect();
  Client idle = connect();
  run_until(
      [&] {
        busy.send("a");
        busy.poll();
        return idle.end != Client::End::Open;
      },
      &idle);
  EXPECT_EQ(busy.end, Client::End::Open);
  EXPECT_EQ(idle.end, Client::End::Finished);
  run_until_closed(busy);
}

// As after a long callback, or on a machine that gives the process no time.
TEST_F(ConnectionTest, bytes_that_came_in_time_are_read_before_the_time_is_up) {
  config.connection.idle_timeout = milliseconds(20);
  start();
  Client client = connect();
  settle();
  client.send("a");
  std::this_thread::sleep_for(milliseconds(100));
  settle();
  client.poll();
  EXPECT_EQ(app.received, "a");
  EXPECT_EQ(client.end, Client::End::Open);
  run_until_closed(client);
}

TEST_F(ConnectionTest, an_application_chooses_a_connections_own_timeout) {
  start();
  Client client = connect();
  host.table.connection_timeout(app.last, 20);
  run_until_closed(client);
  Client other = connect();
  host.table.connection_timeout(app.last, 20);
  host.table.connection_timeout(app.last, 0);
  const std::uint64_t begun = uv_now(&loop);
  run_until([&] { return uv_now(&loop) > begun + 40; }, &other);
  EXPECT_EQ(other.end, Client::End::Open);
}

TEST_F(ConnectionTest, draining_finishes_those_that_have_no_goodbye_of_their_own) {
  start();
  Client client = connect();
  write("sent before");
  service->drain();
  run_until_closed(client);
  EXPECT_EQ(client.received, "sent before");
}

TEST_F(ConnectionTest, draining_asks_for_a_goodbye) {
  ops.drain = [](void* self, hupd_connection*, void*) {
    static_cast<App*>(self)->log.emplace_back("drain");
  };
  start();
  Client client = connect();
  service->drain();
  service->drain();
  settle();
  client.poll();
  EXPECT_EQ(app.log, std::vector<std::string>{"drain"});
  write("bye");
  host.table.connection_finish(app.last);
  run_until_closed(client);
  EXPECT_EQ(client.received, "bye");
}

TEST_F(ConnectionTest, the_loop_has_nothing_left_when_all_are_gone) {
  start();
  connect();  // and gone
  run_until([&] { return service->open() == 0; });
  EXPECT_EQ(uv_run(&loop, UV_RUN_DEFAULT), 0);
}

}  // namespace
