#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/history_view.hpp"
#include "cli/reload_view.hpp"
#include "cli/status_view.hpp"
#include "cli/words.hpp"

namespace hupd::cli {
namespace {

using control::Step;
using testing::HasSubstr;
using testing::Not;

TEST(Words, DurationsAreShort) {
  EXPECT_EQ(short_duration(0), "0 ms");
  EXPECT_EQ(short_duration(999), "999 ms");
  EXPECT_EQ(short_duration(1250), "1.2 s");
  EXPECT_EQ(short_duration(59'999), "59.9 s");
  EXPECT_EQ(short_duration(303'000), "5m 3s");
  EXPECT_EQ(short_duration(7'500'000), "2h 5m");
  EXPECT_EQ(short_duration(273'600'000), "3d 4h");
}

TEST(Words, SizesAreShort) {
  EXPECT_EQ(short_size(1023), "1023 B");
  EXPECT_EQ(short_size(1536), "1.5 KiB");
  EXPECT_EQ(short_size(13UL * 1024 * 1024), "13.0 MiB");
}

TEST(Words, NothingMovesTheCursor) { EXPECT_EQ(printable("a\033[2J\r\nb\tc"), "a?[2J??b c"); }

TEST(ReloadView, TellsEachStep) {
  EXPECT_EQ(line_of({.step = Step::Requested, .app = "web"}), "web: reload requested");
  control::Event ready{.step = Step::WorkerReady, .app = "web", .generation = 8};
  ready.count = 2;
  ready.of = 4;
  EXPECT_EQ(line_of(ready), "web 8: ready 2 of 4");
  EXPECT_TRUE(is_progress(ready));
  control::Event loaded{.step = Step::Loaded, .app = "web", .generation = 8};
  loaded.version = "1.2";
  EXPECT_EQ(line_of(loaded), "web 8: loaded version 1.2");
  EXPECT_FALSE(is_progress(loaded));
}

TEST(ReloadView, TellsTheOutcomeWithTheLastLinesOfWhoFailed) {
  control::Reload reload;
  reload.app = "web";
  reload.generation = 8;
  reload.outcome = control::Outcome::Done;
  reload.ended_ms = 31;
  reload.workers = 2;
  reload.hash = "3f0c1b8a9d4e5555";
  EXPECT_EQ(outcome_of(reload), "web: generation 8 is done in 31 ms: 2 workers 3f0c1b8a9d4e\n");
  reload.outcome = control::Outcome::Rejected;
  reload.reason = "worker 1 ended with exit code 3";
  reload.output = {"no database", "good bye"};
  EXPECT_EQ(outcome_of(reload),
            "web: generation 8 is rejected: worker 1 ended with exit code 3\n"
            "last output of the process that failed:\n  | no database\n  | good bye\n");
}

control::Status sample() {
  control::Status status;
  status.hupd = "1.0";
  auto& app = status.apps.emplace_back();
  app.app = "web";
  app.state = "running";
  app.serving = 8;
  app.workers = 2;
  app.listeners = {"0.0.0.0:80"};
  auto& generation = app.generations.emplace_back();
  generation.generation = 8;
  generation.state = "serving";
  auto& worker = generation.workers.emplace_back();
  worker.slot = 1;
  worker.pid = 4'194'303;
  worker.state = "serving";
  worker.connections = 65'535;
  worker.counts.requests = 4'000'000'000;
  worker.pss_bytes = 1000UL * 1024 * 1024;
  worker.age_ms = 86'399'000;
  worker.cpu_ms = 86'399'000;
  generation.backoff.push_back({2, 4, true, 12'000});
  return status;
}

TEST(StatusView, FitsInEightyColumns) {
  const std::string table = table_of(sample(), false);
  std::size_t begin = 0;
  for (auto end = table.find('\n'); end != std::string::npos; end = table.find('\n', begin)) {
    EXPECT_LE(end - begin, 80U) << table;
    begin = end + 1;
  }
}

TEST(StatusView, TellsWhoIsMissing) {
  const std::string table = table_of(sample(), false);
  EXPECT_THAT(table, HasSubstr("web: generation 8, 1 of 2 workers serve on 0.0.0.0:80\n"));
  EXPECT_THAT(table,
              HasSubstr("slot 2 is degraded: failed 4 times in a row, next try in 12.0 s\n"));
}

TEST(StatusView, HasColourOnlyWhenAsked) {
  EXPECT_THAT(table_of(sample(), false), Not(HasSubstr("\033")));
  EXPECT_THAT(table_of(sample(), true), HasSubstr("\033[31m"));
}

TEST(HistoryView, HasALineForEachAndTheReasonsBelow) {
  control::History history;
  auto& reload = history.reloads.emplace_back();
  reload.outcome = control::Outcome::Refused;
  reload.reason = "configuration: a fault";
  EXPECT_THAT(table_of(history), HasSubstr("all"));
  EXPECT_THAT(table_of(history), HasSubstr("refused"));
  EXPECT_THAT(table_of(history), HasSubstr("\n    configuration: a fault\n"));
}

}  // namespace
}  // namespace hupd::cli
