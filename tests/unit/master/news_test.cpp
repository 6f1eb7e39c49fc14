#include "master/news.hpp"

#include <array>
#include <cstddef>
#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "os/clock.hpp"
#include "support/directory.hpp"

namespace hupd::master {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::StartsWith;

class NewsTest : public testing::Test {
 protected:
  NewsTest() : manager_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    const std::string path = directory_ / "notify";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    ::bind(manager_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address);
    static_cast<void>(log::process().configure({.file = directory_ / "log"}));
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
    news_.emplace(os::Notifier::from_environment());
    ::unsetenv("NOTIFY_SOCKET");
  }
  ~NewsTest() override { static_cast<void>(log::process().configure({})); }

  // The datagrams since the last call.
  std::vector<std::string> told() {
    std::vector<std::string> datagrams;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = ::recv(manager_.get(), buffer.data(), buffer.size(), 0)) >= 0;) {
      datagrams.emplace_back(buffer.data(), static_cast<std::size_t>(got));
    }
    return datagrams;
  }
  std::string log() const { return test::content(directory_ / "log"); }

  void serve(const std::string& app, core::GenerationId id) {
    Generation generation;
    generation.id = id;
    generation.app.name = app;
    generation.app.workers = 2;
    generation.app.library = "/srv/libweb.so";
    generation.version = "1.2.3";
    generation.hash = "0123456789abcdef";
    news_->reload_done(generation);
  }
  void start(const std::string& app) {
    news_->reload_started(app, {1, 0, false});
    serve(app, 1);
  }

  test::Directory directory_;
  os::Fd manager_;
  std::optional<News> news_;
};

TEST_F(NewsTest, AreReadyOnlyWhenAllAppsHaveStarted) {
  news_->expect({"web", "api"});
  news_->reload_started("web", {1, 0, false});
  news_->reload_started("api", {1, 0, false});
  EXPECT_THAT(told(), IsEmpty()) << "a first start is no reload";
  serve("api", 1);
  EXPECT_THAT(told(), ElementsAre(StartsWith("STATUS=api generation 1: ")));
  serve("web", 1);
  EXPECT_THAT(told(), ElementsAre("READY=1\nSTATUS=web generation 1: 2 workers, version 1.2.3, "
                                  "library /srv/libweb.so 0123456789ab"));
}

TEST_F(NewsTest, TellAReloadWithItsTimeInOneDatagram) {
  news_->expect({"web"});
  start("web");
  told();
  const auto before = os::monotonic_us();
  news_->reload_started("web", {2, 0, false});
  const auto datagrams = told();
  ASSERT_THAT(datagrams, ElementsAre(StartsWith("RELOADING=1\nMONOTONIC_USEC=")));
  EXPECT_THAT(datagrams[0],
              MatchesRegex("RELOADING=1\nMONOTONIC_USEC=[0-9]+\nSTATUS=reloading web"));
  const auto at = std::stoull(datagrams[0].substr(datagrams[0].find("USEC=") + 5));
  EXPECT_GE(at, before);
  EXPECT_LE(at, os::monotonic_us());
  serve("web", 2);
  EXPECT_THAT(told(), ElementsAre(StartsWith("READY=1\nSTATUS=web generation 2: ")));
}

TEST_F(NewsTest, AreReadyAgainAfterARejectedReloadAndSaySo) {
  news_->expect({"web"});
  start("web");
  news_->reload_started("web", {2, 0, false});
  told();
  news_->reload_rejected("web", 2, "no entry point");
  const auto datagrams = told();
  ASSERT_THAT(datagrams, ElementsAre(StartsWith("READY=1\nSTATUS=web generation 1: ")));
  EXPECT_THAT(datagrams[0], testing::EndsWith("; last reload rejected: no entry point"));
  EXPECT_THAT(log(), HasSubstr("error app=web gen=2 reload rejected: no entry point\n"));
}

TEST_F(NewsTest, AreReadyOnlyWhenTheLastOfSeveralReloadsIsDone) {
  news_->expect({"web", "api"});
  start("web");
  start("api");
  news_->reload_started("web", {2, 0, false});
  news_->reload_started("api", {2, 0, false});
  told();
  serve("web", 2);
  EXPECT_THAT(told(), ElementsAre(StartsWith("STATUS=web")));
  news_->reload_rejected("api", 2, "why");
  EXPECT_THAT(told(), ElementsAre(StartsWith("READY=1\nSTATUS=api")));
}

TEST_F(NewsTest, TellOneReloadForASignalHoweverManyAppsItIsOf) {
  news_->expect({"web", "api"});
  start("web");
  start("api");
  told();
  news_->reload_requested({"web", "api"});
  EXPECT_THAT(told(), ElementsAre(testing::EndsWith("\nSTATUS=reloading web, api")));
  news_->reload_started("web", {2, 0, false});
  news_->reload_rejected("web", 2, "at once");
  EXPECT_THAT(told(), ElementsAre(StartsWith("STATUS=web"))) << "api has not even begun";
  news_->reload_started("api", {2, 0, false});
  serve("api", 2);
  EXPECT_THAT(told(), ElementsAre(StartsWith("READY=1\nSTATUS=api")));
}

TEST_F(NewsTest, AreReadyOnlyAfterTheReloadThatASignalDuringAReloadAskedFor) {
  news_->expect({"web"});
  start("web");
  news_->reload_requested({"web"});
  news_->reload_started("web", {2, 0, false});
  news_->reload_requested({"web"});
  told();
  serve("web", 2);
  EXPECT_THAT(told(), ElementsAre(StartsWith("STATUS=web generation 2")));
  news_->reload_started("web", {3, 0, false});
  serve("web", 3);
  EXPECT_THAT(told(), ElementsAre(StartsWith("READY=1\nSTATUS=web generation 3")));
}

TEST_F(NewsTest, TellAReloadOfBeforeTheFirstReadinessAfterIt) {
  news_->expect({"web"});
  news_->reload_started("web", {1, 0, false});
  news_->reload_requested({"web"});
  EXPECT_THAT(told(), IsEmpty());
  serve("web", 1);
  EXPECT_THAT(told(), ElementsAre(StartsWith("READY=1")));
  news_->reload_started("web", {2, 0, false});
  EXPECT_THAT(told(), ElementsAre(StartsWith("RELOADING=1")));
}

TEST_F(NewsTest, TellOfARefusedReloadOnceForAllApps) {
  news_->expect({"web", "api"});
  start("web");
  start("api");
  told();
  news_->reload_refused("configuration: hupd.toml:3:1: unknown key");
  const auto datagrams = told();
  ASSERT_THAT(datagrams, ElementsAre(StartsWith("RELOADING=1\nMONOTONIC_USEC="),
                                     StartsWith("READY=1\nSTATUS=api generation 1: ")));
  EXPECT_THAT(datagrams[1], HasSubstr(", web generation 1: "));
  EXPECT_THAT(datagrams[1], testing::EndsWith("hupd.toml:3:1: unknown key"));
  EXPECT_THAT(log(), HasSubstr("error reload rejected: configuration: hupd.toml:3:1: unknown key"));
}

TEST_F(NewsTest, AreNotReadyWhenAFirstStartFailed) {
  news_->expect({"web"});
  news_->reload_started("web", {1, 0, false});
  news_->reload_rejected("web", 1, "no such file");
  EXPECT_THAT(told(), ElementsAre("STATUS=start of web failed: no such file"));
}

TEST_F(NewsTest, AreReadyThoughAnAppThatAReloadAddedDoesNotStart) {
  news_->expect({"web"});
  start("web");
  news_->reload_requested({"web", "api"});
  news_->reload_started("web", {2, 0, false});
  serve("web", 2);
  news_->reload_started("api", {1, 0, false});
  told();
  news_->reload_rejected("api", 1, "no such file");
  EXPECT_THAT(told(), ElementsAre("READY=1\nSTATUS=start of api failed: no such file"));
  EXPECT_THAT(log(), HasSubstr("start failed: no such file; the next reload tries again\n"));
  news_->app_gone("api");
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(NewsTest, WaitForNoAppThatIsGone) {
  news_->expect({"web", "api"});
  start("web");
  told();
  news_->app_gone("api");
  EXPECT_THAT(told(), ElementsAre(StartsWith("READY=1\nSTATUS=web")));
  start("api");
  news_->reload_requested({"web", "api"});
  news_->reload_started("web", {2, 0, false});
  serve("web", 2);
  told();
  news_->app_gone("api");
  EXPECT_THAT(told(), ElementsAre(StartsWith("READY=1\nSTATUS=web generation 2")));
}

TEST_F(NewsTest, StayOneDatagramWithOneStatusWhateverAReasonHolds) {
  news_->expect({"web"});
  start("web");
  told();
  news_->reload_rejected("web", 2, "first\nSTOPPING=1");
  const auto datagrams = told();
  ASSERT_THAT(datagrams, testing::SizeIs(1));
  EXPECT_THAT(datagrams[0], testing::Not(HasSubstr("\nSTOPPING=1")));
}

TEST_F(NewsTest, TellTheStopOnceAndNoReadinessAfterIt) {
  news_->expect({"web"});
  start("web");
  news_->reload_started("web", {2, 0, false});
  told();
  news_->stopping();
  news_->stopping();
  EXPECT_TRUE(news_->is_stopping());
  serve("web", 2);
  EXPECT_THAT(told(), ElementsAre("STOPPING=1\nSTATUS=stopping"));
}

TEST_F(NewsTest, AreAliveForTheWatchdog) {
  news_->alive();
  EXPECT_THAT(told(), ElementsAre("WATCHDOG=1"));
}

TEST_F(NewsTest, SayWhatBecomesOfALostWorker) {
  const ChildName name{"web", 5, 3, 812};
  using std::chrono::milliseconds;
  news_->worker_lost(name, {5, 9, 3, "signal 11 (SIGSEGV)", milliseconds(0), false, false},
                     "signal 11 (SIGSEGV)", "");
  news_->worker_lost(name, {5, 9, 3, "no heartbeat", milliseconds(400), true, false},
                     "signal 6 (SIGABRT)", ", with 3 connections");
  EXPECT_THAT(log(), HasSubstr("warn  app=web gen=5 worker=3 pid=812 lost: signal 11 (SIGSEGV); "
                               "replaced at once\n"));
  EXPECT_THAT(
      log(),
      HasSubstr(
          "error app=web gen=5 worker=3 pid=812 lost: no heartbeat, signal 6 "
          "(SIGABRT), with 3 connections; next attempt in 400 ms; degraded: it keeps failing\n"));
}

TEST_F(NewsTest, SayThatALostReliefIsNoLossOfService) {
  news_->worker_lost({"web", 5, 3, 812}, {5, 9, 3, "out of luck", {}, false, true}, "exit code 1",
                     "");
  EXPECT_THAT(log(), HasSubstr("lost: out of luck, exit code 1; whom it was to relieve serves on; "
                               "next attempt at once\n"));
}

}  // namespace
}  // namespace hupd::master
