// The public C++ interface on a real session.
#include <hupd/http.hpp>

#include "fixture.hpp"

namespace {

using hupd::test::Client;

struct Hello : hupd::http::Service {
  hupd::http::Response handle(const hupd::http::Request& request) override {
    return hupd::http::text(request.method() == "GET" ? "hello\n" : "hello, writer\n");
  }
};

class HelloTest : public hupd::test::ServiceTest {
 protected:
  HelloTest() {
    EXPECT_EQ(table_.create(&host.table, &app_), 0);
    EXPECT_EQ(table_.start(app_, nullptr), HUPD_READY);
    serve(table_, app_);
  }
  ~HelloTest() override { table_.stop(app_); }

  const hupd_app table_ = Hello::hupd_table<Hello>("1.0");
  void* app_ = nullptr;
};

TEST_F(HelloTest, answers_get_again_and_again_on_one_connection) {
  Client client = connect();
  for (int round = 0; round < 3; ++round) {
    const std::string answer = exchange(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\nDate: ")) << answer;
    EXPECT_TRUE(answer.ends_with(
        " GMT\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 6\r\n\r\nhello\n"))
        << answer;
    EXPECT_EQ(client.end, Client::End::Open);
  }
  EXPECT_EQ(counters.requests, 3U);
}

TEST_F(HelloTest, sees_a_body_by_length_and_by_chunks) {
  Client client = connect();
  EXPECT_TRUE(exchange(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
                  .ends_with("\r\n\r\nhello, writer\n"));
  EXPECT_TRUE(exchange(client,
                       "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "3\r\nabc\r\n0\r\n\r\n")
                  .ends_with("\r\n\r\nhello, writer\n"));
}

}  // namespace
