// A worker asks its own service.
#include "http/self_request.hpp"

#include <memory>
#include <optional>
#include <vector>

#include <hupd/http.hpp>

#include "fixture.hpp"

namespace {

using hupd::http::Exchange;
using hupd::http::Request;
using hupd::http1::SelfRequest;

struct Site : hupd::http::Service {
  void serve(const Request& request, Exchange& exchange) override {
    seen = std::string(request.path()) + " " + std::string(request.header("host").value_or("")) +
           " " + std::string(request.peer());
    if (request.path() == "/later") {
      kept = exchange.later();
      kept.on_closed([this](bool completed) { closed = completed ? "whole" : "cut"; });
    } else if (request.path() == "/bad") {
      exchange.respond(hupd::http::Response(503, "no database\nat all"));
    } else if (request.path() == "/empty") {
      exchange.respond(hupd::http::status(503));
    } else {
      exchange.respond(hupd::http::redirect("/"));
    }
  }
  hupd::http::Responder kept;
  std::string seen, closed;
};

class SelfRequestTest : public hupd::test::ServiceTest {
 protected:
  SelfRequestTest() {
    static constexpr hupd_app table = Site::hupd_table<Site>(nullptr);
    void* app = nullptr;
    EXPECT_EQ(table.create(&host.table, &app), 0);
    site.reset(static_cast<Site*>(static_cast<hupd::http::Service*>(app)));
    serve(table, app);
  }
  void ask(const std::string& path) {
    answers.clear();
    request = std::make_unique<SelfRequest>(
        &loop, *service, hupd::http1::get_request(path, "example.org"), [this](const auto& fault) {
          answers.push_back(fault.value_or("well"));
          request.reset();
        });
  }
  std::string answer() {
    run_until([this] { return !answers.empty(); });
    settle();
    EXPECT_EQ(answers.size(), 1U);
    return answers.front();
  }

  std::unique_ptr<Site> site;
  std::unique_ptr<SelfRequest> request;
  std::vector<std::string> answers;
};

TEST_F(SelfRequestTest, IsWellWith2xxAnd3xxAndTellsWhatElseCame) {
  ask("/healthz?a=b");
  EXPECT_EQ(answer(), "well");
  EXPECT_EQ(site->seen, "/healthz example.org unix");
  ask("/bad");
  EXPECT_EQ(answer(), "503: no database");
  ask("/empty");
  EXPECT_EQ(answer(), "503 Service Unavailable");
  run_until([this] { return service->open() == 0; });
}

TEST_F(SelfRequestTest, MayBeAnsweredLaterAndInPieces) {
  ask("/later");
  run_until([this] { return site->kept.is_open(); });
  site->kept.begin(hupd::http::status(200));
  site->kept.write("half");
  settle();
  EXPECT_TRUE(answers.empty());
  site->kept.end();
  EXPECT_EQ(answer(), "well");
  run_until([this] { return site->closed == "whole"; });
}

TEST_F(SelfRequestTest, AResponseThatIsCutIsNone) {
  ask("/later");
  run_until([this] { return site->kept.is_open(); });
  site->kept.begin(hupd::http::status(200));
  site->kept = {};
  EXPECT_EQ(answer(), "the response is not whole");
}

TEST_F(SelfRequestTest, WhoLetsGoOfItIsNotTold) {
  ask("/later");
  run_until([this] { return site->kept.is_open(); });
  request.reset();
  service->quit();
  run_until([this] { return site->closed == "cut"; });
  EXPECT_TRUE(answers.empty());
}

}  // namespace
