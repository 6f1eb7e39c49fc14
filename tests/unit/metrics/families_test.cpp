#include "metrics/families.hpp"

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hupd::metrics {
namespace {

using testing::HasSubstr;
using testing::Not;

control::WorkerStatus worker(std::uint32_t slot, std::uint32_t pid, const char* state) {
  control::WorkerStatus made;
  made.slot = slot;
  made.pid = pid;
  made.state = state;
  made.connections = 2;
  made.counts.requests = 10 * slot;
  return made;
}

// An app with two generations, the old one of which drains.
control::AppStatus app(const std::string& name) {
  control::AppStatus made;
  made.app = name;
  made.serving = 2;
  made.workers = 3;
  made.lost = 4;
  made.counts.requests = 1'000;
  made.reloads = {{control::Outcome::Done, 2}, {control::Outcome::Rejected, 1}};
  auto& old = made.generations.emplace_back();
  old.generation = 1;
  old.state = "retiring";
  old.workers = {worker(1, 101, "draining")};
  auto& young = made.generations.emplace_back();
  young.generation = 2;
  young.state = "serving";
  young.version = "v\"2";
  young.counts.requests = 30;
  young.workers = {worker(1, 102, "serving"), worker(2, 103, "serving"), worker(3, 0, "requested")};
  young.backoff = {{.slot = 3, .failures = 5, .degraded = true, .retry_in_ms = 100}};
  return made;
}

std::string text_with(const std::vector<control::AppStatus>& apps) {
  control::Status status;
  status.past = {3, 1, 2, {}};
  status.keeping = {control::Keeper::Process, 4};
  status.hupd = "1.2.3";
  status.started = "1970-01-01T00:01:00.500Z";
  status.apps = apps;
  return text_of(status);
}

std::string contents(const char* path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(Metrics, TellOfTheMasterAndOfEachApp) {
  const auto text = text_with({app("web"), app("api")});
  for (const char* line : {
           "hupd_info{version=\"1.2.3\"} 1\n",
           "hupd_start_time_seconds 60.500\n",
           "hupd_upgrades_total 3\n",
           "hupd_upgrades_refused_total 1\n",
           "hupd_master_deaths_total 2\n",
           "hupd_keeper_misses 4\n",
           "hupd_app_serving_generation{app=\"web\"} 2\n",
           "hupd_app_workers_wanted{app=\"api\"} 3\n",
           "hupd_app_workers_serving{app=\"web\"} 2\n",
           "hupd_app_workers_lost_total{app=\"web\"} 4\n",
           "hupd_app_slots_failing{app=\"web\"} 1\n",
           "hupd_app_generations_draining{app=\"web\"} 1\n",
           "hupd_app_reload_in_flight{app=\"web\"} 0\n",
           "hupd_app_reloads_total{app=\"web\",outcome=\"rejected\"} 1\n",
           "hupd_app_connections{app=\"web\"} 8\n",
           "hupd_app_requests_total{app=\"web\"} 1000\n",
       }) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(Metrics, TellOfEachGenerationAndOfEachWorkerThatLives) {
  const auto text = text_with({app("web")});
  for (const char* line : {
           "hupd_generation_info{app=\"web\",generation=\"2\",version=\"v\\\"2\",hash=\"\"} 1\n",
           "hupd_generation_workers{app=\"web\",generation=\"2\",state=\"serving\"} 2\n",
           "hupd_generation_requests_total{app=\"web\",generation=\"2\"} 30\n",
           "hupd_worker_requests_total{app=\"web\",generation=\"1\",worker=\"1\",pid=\"101\"} 10\n",
           "hupd_worker_requests_total{app=\"web\",generation=\"2\",worker=\"2\",pid=\"103\"} 20\n",
           "generation=\"1\",worker=\"1\",pid=\"101\",state=\"draining\"} 1\n",
       }) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(text, Not(HasSubstr("worker=\"3\""))) << "it is not born";
}

TEST(Metrics, TellOfTheLastReloadThatEndedWhileAnotherIsUnderWay) {
  auto busy = app("web");
  busy.generations[1].state = "canary";
  control::Reload last;
  last.outcome = control::Outcome::Rejected;
  last.started = "1970-01-01T00:00:10.000Z";
  last.ended_ms = 1'500;
  busy.last_reload.emplace();  // under way
  EXPECT_THAT(text_with({busy}), Not(HasSubstr("\nhupd_app_last_reload_success{")));
  busy.last_ended = last;
  EXPECT_THAT(text_with({busy}), HasSubstr("hupd_app_reload_in_flight{app=\"web\"} 1\n"));
  EXPECT_THAT(text_with({busy}), HasSubstr("hupd_app_last_reload_success{app=\"web\"} 0\n"));
  EXPECT_THAT(text_with({busy}),
              HasSubstr("hupd_app_last_reload_duration_seconds{app=\"web\"} 1.500\n"));
  EXPECT_THAT(text_with({busy}),
              HasSubstr("hupd_app_last_reload_timestamp_seconds{app=\"web\"} 11.500\n"));
  busy.last_reload = last;
  busy.last_reload->outcome = control::Outcome::Done;
  busy.last_ended.reset();
  EXPECT_THAT(text_with({busy}), HasSubstr("hupd_app_last_reload_success{app=\"web\"} 1\n"));
}

TEST(Metrics, HaveNoSampleTwice) {
  auto leaving = app("web");
  leaving.serving = 1;
  std::istringstream lines(text_with({leaving, app("web"), app("api")}));
  std::set<std::string> seen;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(seen.insert(line.substr(0, line.rfind(' '))).second || line[0] == '#') << line;
  }
  EXPECT_TRUE(seen.contains("hupd_app_serving_generation{app=\"web\"}"));
  EXPECT_THAT(text_with({leaving, app("web")}),
              HasSubstr("hupd_app_serving_generation{app=\"web\"} 2\n"))
      << "the younger one of two";
}

TEST(Metrics, AreNamedAsTheFormatWantsIt) {
  std::set<std::string> names;
  for (const auto& [family, write] : sources()) {
    EXPECT_TRUE(names.insert(family.name).second) << family.name;
    EXPECT_TRUE(std::regex_match(family.name, std::regex("hupd(_[a-z]+)*"))) << family.name;
    EXPECT_FALSE(family.name.ends_with("_total") || family.name.ends_with("_info"));
    EXPECT_TRUE(family.help.ends_with('.')) << family.name;
    EXPECT_TRUE(family.unit.empty() || family.name.ends_with("_" + family.unit)) << family.name;
  }
}

TEST(Metrics, ThatTheReadmeNamesAreThere) {
  std::set<std::string> names;
  for (const auto& source : sources()) names.insert(sample_name(source.family));
  const std::string readme = contents(README);
  const std::regex name("hupd_(app|generation|worker|configuration|start)_[a-z][a-z_]*");
  int count = 0;
  for (std::sregex_iterator found(readme.begin(), readme.end(), name), end; found != end; ++found) {
    EXPECT_TRUE(names.contains(found->str())) << found->str();
    ++count;
  }
  EXPECT_GT(count, 3);
}

}  // namespace
}  // namespace hupd::metrics
