// The public C++ interface: exceptions stop at it, responders outlive their exchange.
#include <hupd/http.hpp>

#include "fixture.hpp"

namespace {

using hupd::http::Exchange;
using hupd::http::Request;
using hupd::http::Responder;
using hupd::http::Response;
using hupd::http::Upload;
using hupd::test::Client;

struct Counted : Upload {
  explicit Counted(Responder with) : responder(std::move(with)) {}
  void piece(std::string_view bytes) override {
    size += bytes.size();
    if (bytes.find('!') != std::string_view::npos) throw std::runtime_error("bad piece");
  }
  void ended() override { responder.respond(hupd::http::text(std::to_string(size))); }
  Responder responder;
  std::size_t size = 0;
};

struct Site : hupd::http::Service {
  Site() {
    if (settings().get<bool>("refuse")) throw std::runtime_error("refused by its settings");
  }
  hupd::Start start(hupd::Worker worker) override {
    generation = worker.generation();
    if (settings().get("fail", 0) != 0) throw 42;
    return settings().get<bool>("slow") ? hupd::Start::Pending : hupd::Start::Ready;
  }
  Response handle(const Request& request) override {
    if (request.path() == "/throw") throw std::runtime_error("thrown by handle");
    std::string seen(request.path());
    seen += " " + std::string(request.query()) + " " + std::to_string(request.version()) + " " +
            std::string(request.header("x-a").value_or("none")) + " " +
            std::to_string(request.headers().size());
    return hupd::http::text(seen).header("X-B", "1").header("X-B", "2");
  }
  void serve(const Request& request, Exchange& exchange) override {
    if (request.path() == "/nothing") return;
    if (request.path() == "/dropped") {
      const Responder dropped = exchange.later();
      return;
    }
    if (request.path() != "/later") return Service::serve(request, exchange);
    kept = exchange.later();
    kept.on_closed([this](bool completed) { closed = completed ? "whole" : "cut"; });
  }
  std::unique_ptr<Upload> receive(const Request& request, Exchange& exchange) override {
    if (request.path() == "/forbidden") exchange.respond(hupd::http::status(403));
    if (request.path() != "/upload") return nullptr;
    return std::make_unique<Counted>(exchange.later());
  }
  Responder kept;
  std::string closed;
  std::uint64_t generation = 0;
};

class HttpServiceTest : public hupd::test::ServiceTest {
 protected:
  void start() {
    ASSERT_EQ(table.create(&host.table, &app), 0);
    ASSERT_EQ(table.start(app, nullptr), HUPD_READY);
    serve(table, app);
  }
  ~HttpServiceTest() override {
    if (app != nullptr) table.stop(app);
  }
  Site& site() { return *static_cast<Site*>(static_cast<hupd::http::Service*>(app)); }
  std::string body(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }
  std::string get(Client& client, const std::string& target) {
    return exchange(client, "GET " + target + " HTTP/1.1\r\nHost: x\r\nX-A: y\r\n\r\n");
  }

  const hupd_app table = Site::hupd_table<Site>("1");
  void* app = nullptr;
};

TEST_F(HttpServiceTest, shows_the_request_and_sends_the_response) {
  start();
  Client client = connect();
  const std::string answer = get(client, "/a?b=c?d");
  EXPECT_EQ(body(answer), "/a b=c?d 11 y 2");
  EXPECT_NE(answer.find("\r\nX-B: 1\r\nX-B: 2\r\n"), std::string::npos) << answer;
  EXPECT_EQ(site().generation, 7U);
}

TEST_F(HttpServiceTest, an_exception_is_a_500_and_a_line_in_the_log) {
  start();
  Client client = connect();
  EXPECT_TRUE(get(client, "/throw").starts_with("HTTP/1.1 500 "));
  EXPECT_EQ(host.lines, std::vector<std::string>{"thrown by handle"});
  EXPECT_TRUE(get(client, "/").starts_with("HTTP/1.1 200 "));
}

TEST_F(HttpServiceTest, a_request_that_nobody_answers_is_a_500) {
  start();
  Client client = connect();
  EXPECT_TRUE(get(client, "/nothing").starts_with("HTTP/1.1 500 "));
  EXPECT_TRUE(get(client, "/dropped").starts_with("HTTP/1.1 500 "));
  EXPECT_EQ(host.lines.size(), 2U);
}

TEST_F(HttpServiceTest, a_responder_answers_later) {
  start();
  Client client = connect();
  EXPECT_EQ(get(client, "/later"), "");
  EXPECT_EQ(site().kept.respond(hupd::http::json("{}")), hupd::Written::Taken);
  settle();
  client.poll();
  EXPECT_EQ(body(client.received), "{}");
  EXPECT_EQ(site().closed, "whole");
  EXPECT_FALSE(site().kept.is_open());
  EXPECT_EQ(site().kept.respond(Response(200)), hupd::Written::Gone);
}

TEST_F(HttpServiceTest, a_responder_streams) {
  start();
  Client client = connect();
  get(client, "/later");
  site().kept.begin(Response(200).type("text/event-stream"));
  site().kept.write("a");
  settle();
  client.poll();
  EXPECT_EQ(body(client.received), "1\r\na\r\n");
  site().kept.end();
  settle();
  client.poll();
  EXPECT_EQ(body(client.received), "1\r\na\r\n0\r\n\r\n");
}

TEST_F(HttpServiceTest, a_responder_is_told_that_its_client_vanished) {
  start();
  Client client = connect_tcp();
  get(client, "/later");
  client.reset();
  run_until([&] { return !site().closed.empty(); });
  EXPECT_EQ(site().closed, "cut");
  EXPECT_EQ(site().kept.write("a"), hupd::Written::Gone);
}

TEST_F(HttpServiceTest, a_responder_that_is_replaced_answers_500) {
  start();
  Client first = connect();
  Client second = connect();
  get(first, "/later");
  get(second, "/later");
  settle();
  first.poll();
  EXPECT_TRUE(first.received.starts_with("HTTP/1.1 500 ")) << first.received;
  EXPECT_TRUE(site().kept.is_open());
}

TEST_F(HttpServiceTest, an_upload_comes_in_pieces_and_may_fail) {
  start();
  Client client = connect();
  const std::string head = "PUT /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n";
  EXPECT_EQ(exchange(client, head + "ab"), "");
  EXPECT_EQ(body(exchange(client, "cde")), "5");
  EXPECT_TRUE(exchange(client, head + "ab!").starts_with("HTTP/1.1 500 "));
  EXPECT_TRUE(exchange(client, "de" + head + "abcde").ends_with("\r\n\r\n5"));
}

TEST_F(HttpServiceTest, receive_may_refuse_at_once) {
  start();
  Client client = connect();
  EXPECT_TRUE(get(client, "/forbidden").starts_with("HTTP/1.1 403 "));
  EXPECT_TRUE(host.lines.empty());
}

TEST_F(HttpServiceTest, what_the_constructor_throws_is_the_reason_of_the_failure) {
  host.settings = {{"refuse", "true"}};
  EXPECT_EQ(table.create(&host.table, &app), -1);
  EXPECT_EQ(host.failure, "refused by its settings");
}

TEST_F(HttpServiceTest, a_setting_of_the_wrong_kind_is_a_failure_that_names_it) {
  host.settings = {{"refuse", "maybe"}};
  EXPECT_EQ(table.create(&host.table, &app), -1);
  EXPECT_EQ(host.failure, "setting refuse = maybe is not what is expected there");
}

TEST_F(HttpServiceTest, start_may_fail_or_take_its_time) {
  ASSERT_EQ(table.create(&host.table, &app), 0);
  host.settings = {{"slow", "true"}};
  EXPECT_EQ(table.start(app, nullptr), HUPD_PENDING);
  host.settings = {{"fail", "1"}};
  EXPECT_EQ(table.start(app, nullptr), -1);
  EXPECT_EQ(host.failure, "an exception that is no std::exception");
}

}  // namespace
