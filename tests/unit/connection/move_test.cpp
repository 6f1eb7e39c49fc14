// Connections of the connection height that move to another worker, with the application's state.
#include <functional>
#include <string>
#include <vector>

#include "fixture.hpp"
#include "relay.hpp"

namespace {

using hupd::test::Client;

// Collects lines; the state of a connection is how many there have been.
struct App {
  int move = HUPD_MOVE;
  bool adopts = true;
  std::string said_when_refusing;
  hupd_connection* last = nullptr;
  std::vector<std::string> log;
};

class AppMoveTest : public hupd::test::ServiceTest {
 protected:
  AppMoveTest() {
    host_ = &host.table;
    ops.size = sizeof ops;
    ops.open = [](void* self, hupd_connection* connection, void** state) {
      static_cast<App*>(self)->last = connection;
      *state = new int(0);
      return 0;
    };
    ops.data = [](void*, hupd_connection* connection, void* state, hupd_str bytes) {
      const std::string_view text(bytes.data, bytes.size);
      const std::size_t end = text.find('\n');
      if (end == std::string_view::npos) return std::size_t{0};
      const std::string line =
          std::to_string(++*static_cast<int*>(state)) + std::string(text.substr(0, end + 1));
      host_->connection_write(connection, {line.data(), line.size()});
      return end + 1;
    };
    ops.drain = [](void* self, hupd_connection* connection, void*) {
      static_cast<App*>(self)->log.emplace_back("drain");
      host_->connection_write(connection, {"bye\n", 4});
      host_->connection_finish(connection);
    };
    ops.closed = [](void* self, hupd_connection*, void* state) {
      static_cast<App*>(self)->log.emplace_back("closed");
      delete static_cast<int*>(state);
    };
    ops.export_state = [](void* self, hupd_connection*, void* state, hupd_export* out) {
      const std::string count = std::to_string(*static_cast<int*>(state));
      host_->state_append(out, 7, {count.data(), count.size()});
      return static_cast<App*>(self)->move;
    };
    ops.moved = [](void* self, hupd_connection*, void* state) {
      static_cast<App*>(self)->log.emplace_back("moved");
      delete static_cast<int*>(state);
    };
    ops.adopt = [](void* self, hupd_connection* connection, const hupd_state* exported,
                   void** state) {
      auto& seen = *static_cast<App*>(self);
      seen.last = connection;
      EXPECT_EQ(exported->version, 7U);
      if (!seen.adopts) return -1;
      *state = new int(std::stoi(std::string(exported->bytes.data, exported->bytes.size)));
      return 0;
    };
    ops.refused = [](void* self, hupd_connection* connection) {
      const std::string& text = static_cast<App*>(self)->said_when_refusing;
      host_->connection_write(connection, {text.data(), text.size()});
    };
    table.size = sizeof table;
    table.connection = &ops;
  }
  void TearDown() override {
    next->quit();
    run_until([&] { return next->open() == 0; });
    next.reset();
    ServiceTest::TearDown();
  }
  void start() {
    serve(table, &app);
    next =
        hupd::connection::make_service({&loop, table, &app, reinterpret_cast<hupd_worker*>(&loop),
                                        config, host.table, next_counters});
  }
  int move() {
    service->hand_over(relay);
    settle();
    return relay.deliver(*next);
  }
  std::string heard(Client& client, std::string_view said) {
    client.send(said);
    settle();
    client.poll();
    return std::exchange(client.received, {});
  }

  static inline const hupd_host* host_ = nullptr;
  App app;
  hupd_connection_ops ops{};
  hupd_app table{};
  hupd::test::Relay relay;
  hupd::connection::Counters next_counters;
  std::unique_ptr<hupd::connection::Service> next;
};

TEST_F(AppMoveTest, goes_on_with_its_state_and_its_half_typed_line) {
  start();
  Client client = connect();
  EXPECT_EQ(heard(client, "a\n"), "1a\n");
  EXPECT_EQ(heard(client, "b\n"), "2b\n");
  EXPECT_EQ(heard(client, "hal"), "");
  EXPECT_EQ(move(), 1);
  EXPECT_EQ(heard(client, "f\n"), "3half\n");
  EXPECT_EQ(client.end, Client::End::Open);
  EXPECT_EQ(app.log, std::vector<std::string>{"moved"});
}

TEST_F(AppMoveTest, is_asked_again_when_it_was_not_the_time) {
  app.move = HUPD_NOT_NOW;
  start();
  Client client = connect();
  EXPECT_EQ(move(), 0);
  EXPECT_EQ(heard(client, "a\n"), "1a\n");
  EXPECT_EQ(relay.deliver(*next), 0);
  app.move = HUPD_MOVE;
  EXPECT_EQ(heard(client, "b\n"), "2b\n") << "asked after an event of its own";
  EXPECT_EQ(relay.deliver(*next), 1);
}

TEST_F(AppMoveTest, moves_when_the_application_says_that_it_may) {
  app.move = HUPD_NOT_NOW;
  start();
  Client client = connect();
  EXPECT_EQ(move(), 0);
  app.move = HUPD_MOVE;
  settle();
  EXPECT_EQ(relay.deliver(*next), 0);
  host.table.connection_movable(app.last);
  settle();
  EXPECT_EQ(relay.deliver(*next), 1);
}

TEST_F(AppMoveTest, one_that_may_never_move_says_goodbye) {
  app.move = HUPD_NEVER;
  start();
  Client client = connect();
  EXPECT_EQ(move(), 0);
  run_until_closed(client);
  EXPECT_EQ(client.received, "bye\n");
  EXPECT_EQ(client.end, Client::End::Finished);
  client.vanish();
  run_until([&] { return service->open() == 0; });
  EXPECT_EQ(app.log, (std::vector<std::string>{"drain", "closed"}));
}

TEST_F(AppMoveTest, an_application_that_knows_nothing_of_it_drains_as_before) {
  ops.size = offsetof(hupd_connection_ops, export_state);
  start();
  Client client = connect();
  EXPECT_EQ(move(), 0);
  run_until_closed(client);
  EXPECT_EQ(client.received, "bye\n");
}

TEST_F(AppMoveTest, who_cannot_adopt_says_goodbye_and_owns_nothing) {
  app.adopts = false;
  app.said_when_refusing = "please come again\n";
  start();
  Client client = connect();
  EXPECT_EQ(move(), 1);
  run_until_closed(client);
  EXPECT_EQ(client.received, "please come again\n");
  EXPECT_EQ(client.end, Client::End::Finished);
  EXPECT_EQ(app.log, std::vector<std::string>{"moved"});
}

TEST_F(AppMoveTest, a_state_too_large_keeps_the_connection_and_drains_it) {
  relay.limit = 0;
  start();
  Client client = connect();
  EXPECT_EQ(move(), 0);
  run_until_closed(client);
  EXPECT_EQ(client.received, "bye\n");
}

TEST_F(AppMoveTest, waits_until_what_was_written_is_with_the_kernel) {
  start();
  Client client = connect();
  const std::string block(4'000'000, 'x');
  host.table.connection_write(app.last, {block.data(), block.size()});
  EXPECT_EQ(move(), 0);
  run_until([&] { return client.received.size() == block.size(); }, &client);
  settle();
  EXPECT_EQ(relay.deliver(*next), 1);
  client.received.clear();
  EXPECT_EQ(heard(client, "a\n"), "1a\n");
}

TEST_F(AppMoveTest, the_chosen_idle_timeout_goes_along) {
  start();
  Client client = connect();
  host.table.connection_timeout(app.last, 30);
  EXPECT_EQ(move(), 1);
  EXPECT_EQ(relay.last.idle_timeout_ms, 30U);
  run_until_closed(client);
  EXPECT_EQ(client.end, Client::End::Finished);
}

TEST_F(AppMoveTest, a_timeout_of_never_is_chosen_too) {
  config.connection.idle_timeout = std::chrono::milliseconds(30);
  start();
  Client client = connect();
  host.table.connection_timeout(app.last, 0);
  EXPECT_EQ(move(), 1);
  const auto until = uv_now(&loop) + 150;
  run_until([&] { return uv_now(&loop) > until; });
  EXPECT_EQ(heard(client, "a\n"), "1a\n");
}

TEST_F(AppMoveTest, one_that_is_paused_stays_so_until_it_is_resumed) {
  start();
  Client client = connect();
  host.table.connection_pause(app.last);
  EXPECT_EQ(move(), 1);
  EXPECT_EQ(heard(client, "a\n"), "");
  host.table.connection_resume(app.last);
  EXPECT_EQ(heard(client, ""), "1a\n");
}

}  // namespace
