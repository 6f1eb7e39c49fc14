// What applications answer, and what becomes of it on the wire.
#include <array>

#include "raw_app.hpp"

namespace {

using hupd::test::Client;
using hupd::test::respond;
using hupd::test::str;

const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string head = "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string get_1_0 = "GET / HTTP/1.0\r\n\r\n";

class ResponseTest : public hupd::test::RawTest {
 protected:
  // A streamed response of these pieces.
  void stream(std::vector<std::string> pieces, std::int64_t length, unsigned status = 200) {
    app.request = [this, pieces = std::move(pieces), length, status](hupd_exchange* exchange,
                                                                     const hupd_request&) {
      const hupd_response response{sizeof response, status, nullptr, 0, {nullptr, 0}};
      host.table.http_begin(exchange, &response, length);
      for (const std::string& piece : pieces) host.table.http_write(exchange, str(piece));
      host.table.http_end(exchange);
    };
  }
  bool has(const std::string& answer, std::string_view part) {
    return answer.find(part) != std::string::npos;
  }
};

TEST_F(ResponseTest, head_gets_the_length_and_no_body) {
  start();
  Client client = connect();
  const std::string answer = exchange(client, head);
  EXPECT_TRUE(has(answer, "\r\nContent-Length: 7\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
  EXPECT_EQ(summary(exchange(client, get)), "200 GET / ");
}

TEST_F(ResponseTest, no_content_and_not_modified_have_neither_body_nor_length) {
  unsigned status = 204;
  app.request = [&](hupd_exchange* exchange, const hupd_request&) {
    respond(host.table, exchange, "body", status);
  };
  start();
  Client client = connect();
  for (const unsigned bodiless : {204U, 304U}) {
    status = bodiless;
    const std::string answer = exchange(client, get);
    EXPECT_FALSE(has(answer, "Content-Length")) << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
  }
}

TEST_F(ResponseTest, length_unknown_means_chunks_or_the_close_for_http_1_0) {
  stream({"ab", "", "cde"}, -1);
  start();
  Client client = connect();
  EXPECT_TRUE(exchange(client, get).ends_with("\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n"));
  EXPECT_TRUE(has(exchange(client, head), "Transfer-Encoding: chunked\r\n\r\n"));
  const std::string old = exchange(client, get_1_0);
  EXPECT_TRUE(old.ends_with("Connection: close\r\n\r\nabcde")) << old;
  EXPECT_EQ(client.end, Client::End::Finished);
}

TEST_F(ResponseTest, length_known_is_sent_as_it_is) {
  stream({"ab", "cde"}, 5);
  start();
  Client client = connect();
  EXPECT_TRUE(exchange(client, get).ends_with("Content-Length: 5\r\n\r\nabcde"));
  EXPECT_EQ(client.end, Client::End::Open);
  EXPECT_EQ(app.log, std::vector<std::string>{"closed 1"});
}

TEST_F(ResponseTest, a_response_too_short_for_its_length_ends_the_connection) {
  stream({"ab"}, 5);
  start();
  Client client = connect();
  EXPECT_TRUE(exchange(client, get).ends_with("Content-Length: 5\r\n\r\nab"));
  EXPECT_EQ(client.end, Client::End::Finished);
  EXPECT_EQ(app.log, std::vector<std::string>{"closed 0"});
  EXPECT_EQ(host.lines.size(), 1U);
}

TEST_F(ResponseTest, what_is_longer_than_its_length_is_dropped) {
  stream({"abcde", "GET / HTTP/1.1"}, 5);
  start();
  Client client = connect();
  EXPECT_EQ(summary(exchange(client, get)), "200 abcde");
  EXPECT_EQ(host.lines.size(), 1U);
}

TEST_F(ResponseTest, a_header_that_would_split_the_response_becomes_a_500) {
  const std::array<hupd_header, 5> evil{{{str("A"), str("b\r\nSet-Cookie: c")},
                                         {str("A"), str("b\nc")},
                                         {str("A"), {"b\0c", 3}},
                                         {str("A: b\r\nC"), str("d")},
                                         {str(""), str("d")}}};
  std::size_t turn = 0;
  app.request = [&](hupd_exchange* exchange, const hupd_request&) {
    EXPECT_EQ(respond(host.table, exchange, "fine", 200, {evil[turn]}), HUPD_GONE);
  };
  start();
  Client client = connect();
  for (; turn < evil.size(); ++turn) {
    EXPECT_EQ(summary(exchange(client, get)), "500 Internal Server Error\n");
    EXPECT_EQ(host.lines.size(), turn + 1);
  }
}

TEST_F(ResponseTest, the_hosts_own_fields_are_left_out_but_close_is_heeded) {
  app.request = [&](hupd_exchange* exchange, const hupd_request& seen) {
    respond(host.table, exchange, "ab", 200,
            {{str("content-length"), str("7")},
             {str("Transfer-Encoding"), str("chunked")},
             {str("Date"), str("today")},
             {str("X-Mine"), str("1")},
             {str("Connection"), seen.target.size > 1 ? str("close") : str("upgrade")}});
  };
  start();
  Client client = connect();
  const std::string answer = exchange(client, get);
  EXPECT_TRUE(answer.ends_with(" GMT\r\nX-Mine: 1\r\nContent-Length: 2\r\n\r\nab")) << answer;
  EXPECT_EQ(summary(exchange(client, "GET /close HTTP/1.1\r\nHost: x\r\n\r\n")), "200 ab (close)");
  EXPECT_EQ(client.end, Client::End::Finished);
}

TEST_F(ResponseTest, a_status_that_is_none_becomes_a_500) {
  app.request = [&](hupd_exchange* exchange, const hupd_request&) {
    respond(host.table, exchange, "", 100);
  };
  start();
  Client client = connect();
  EXPECT_EQ(summary(exchange(client, get)), "500 Internal Server Error\n");
}

TEST_F(ResponseTest, http_1_0_is_told_that_it_may_go_on) {
  start();
  Client client = connect();
  const std::string answer = exchange(client, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_TRUE(has(answer, "\r\nConnection: keep-alive\r\n")) << answer;
}

TEST_F(ResponseTest, only_one_response_is_taken) {
  app.request = [&](hupd_exchange* exchange, const hupd_request&) {
    EXPECT_EQ(respond(host.table, exchange, "first"), HUPD_WRITTEN);
    EXPECT_EQ(respond(host.table, exchange, "second"), HUPD_GONE);
    EXPECT_EQ(host.table.http_write(exchange, str("third")), HUPD_GONE);
    EXPECT_EQ(host.table.http_end(exchange), HUPD_GONE);
  };
  start();
  Client client = connect();
  EXPECT_EQ(summary(exchange(client, get)), "200 first");
}

TEST_F(ResponseTest, giving_up_is_a_500_before_and_a_cut_after_the_beginning) {
  bool begin = false;
  app.request = [&](hupd_exchange* exchange, const hupd_request&) {
    const hupd_response response{sizeof response, 200, nullptr, 0, {nullptr, 0}};
    if (begin) {
      host.table.http_begin(exchange, &response, -1);
      host.table.http_write(exchange, str("ab"));
    }
    host.table.http_abort(exchange);
  };
  start();
  Client client = connect();
  EXPECT_EQ(summary(exchange(client, get)), "500 Internal Server Error\n");
  begin = true;
  EXPECT_TRUE(exchange(client, get).ends_with("\r\n2\r\nab\r\n"));  // and no last chunk
  EXPECT_EQ(client.end, Client::End::Finished);
  EXPECT_EQ(app.log, (std::vector<std::string>{"closed 1", "closed 0"}));
}

TEST_F(ResponseTest, an_older_applications_shorter_tables_are_read_no_further) {
  app.request = [&](hupd_exchange* exchange, const hupd_request&) {
    struct {
      hupd_response response;
    } shorter{{offsetof(hupd_response, body), 200, nullptr, 0, {"not to be read", 14}}};
    host.table.http_respond(exchange, &shorter.response);
  };
  app.ops.size = offsetof(hupd_http_ops, writable);
  start();
  Client client = connect();
  EXPECT_EQ(summary(exchange(client, get)), "200 ");
  EXPECT_TRUE(app.log.empty());  // `closed` lies behind the end of that table
}

TEST_F(ResponseTest, a_large_body_reaches_a_slow_reader_whole) {
  const std::string large(5'000'000, 'x');
  app.request = [&](hupd_exchange* exchange, const hupd_request&) {
    EXPECT_EQ(respond(host.table, exchange, large), HUPD_FULL);
  };
  start();
  Client client = connect();
  client.send(get + get);
  settle();
  EXPECT_TRUE(app.log.empty());  // it is not over before the kernel has it all
  run_until([&] { return client.received.size() > 2 * large.size(); }, &client);
  EXPECT_EQ(summary(client.received), "200 " + large + "|200 " + large);
  run_until([&] { return app.log.size() == 2; });
}

TEST_F(ResponseTest, a_writer_is_told_when_it_is_ahead_of_the_reader) {
  hupd_exchange* open = nullptr;
  std::size_t written = 0;
  const std::string piece(10'000, 'x');
  const auto fill = [&](hupd_exchange* exchange) {
    while (written < 4'000'000) {
      written += piece.size();
      if (host.table.http_write(exchange, str(piece)) == HUPD_FULL) return;
    }
    host.table.http_end(exchange);
  };
  app.request = [&](hupd_exchange* exchange, const hupd_request&) {
    const hupd_response response{sizeof response, 200, nullptr, 0, {nullptr, 0}};
    host.table.http_begin(exchange, &response, -1);
    open = exchange;
    fill(exchange);
  };
  app.writable = fill;
  start();
  Client client = connect();
  client.send(get);
  settle();
  EXPECT_LT(written, 2'000'000U);  // memory is bounded while nobody reads
  run_until([&] { return client.received.ends_with("\r\n0\r\n\r\n"); }, &client);
  EXPECT_EQ(summary(client.received).size(), written + 4);
}

}  // namespace
