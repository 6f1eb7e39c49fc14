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

TEST(Words, ALiveScreenIsWrittenOverAndDoesNotScroll) {
  EXPECT_EQ(redrawn("a\nb\n", 0), "\033[Ha\033[K\nb\033[K\n\033[J");
  EXPECT_EQ(redrawn("a\nb\n", 3), redrawn("a\nb\n", 0)) << "the cursor is in the third row";
  EXPECT_EQ(redrawn("a\nb\nc\n", 3), "\033[Ha\033[K\n… and 2 lines more\033[K\n\033[J");
  EXPECT_EQ(redrawn("a\nb\n", 1), "\033[H… and 2 lines more\033[K\n\033[J");
}

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
  status.past.deaths = 12;
  status.past.revived = "2026-11-23T12:00:00.000Z";
  status.keeping = {control::Keeper::Process, 4096};
  auto& app = status.apps.emplace_back();
  app.app = "web";
  app.state = "running";
  app.serving = 8;
  app.workers = 2;
  app.listeners = {"0.0.0.0:80"};
  auto& generation = app.generations.emplace_back();
  generation.generation = 8;
  generation.state = "serving";
  generation.zygote = "ready";
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

TEST(StatusView, TellsHowToGetOutOfHavingNoWorkers) {
  auto status = sample();
  EXPECT_THAT(table_of(status, false), Not(HasSubstr("is wanted")));
  status.apps[0].workers = 0;
  EXPECT_THAT(table_of(status, false), HasSubstr("  ! no worker is wanted: 'hupd scale web N'"));
}

TEST(StatusView, TellsOfDeathsOfTheMasterIfThereWereAny) {
  auto status = sample();
  const char* line = "\nstarted again at 2026-11-23T12:00:00.000Z after the master's death";
  EXPECT_THAT(table_of(status, false), HasSubstr(std::string(line) + " (12 so far)\n"));
  status.past.deaths = 1;
  EXPECT_THAT(table_of(status, false), HasSubstr(std::string(line) + "\n"));
  status.past = {};
  EXPECT_THAT(table_of(status, false), Not(HasSubstr("death")));
}

TEST(StatusView, TellsWhatComesOfADeathOfTheMaster) {
  auto status = sample();
  status.keeping = {};
  EXPECT_THAT(table_of(status, false), HasSubstr("\nworkers end with this master\n"));
  status.keeping = {control::Keeper::ServiceManager, 0};
  EXPECT_THAT(table_of(status, false),
              HasSubstr("survive this master: handed to the service mana"));
  status.keeping = {control::Keeper::Process, 12};
  EXPECT_THAT(table_of(status, false),
              HasSubstr("\nworkers may end with this master: its keeper misses 12"
                        " descriptors\n"));
}

TEST(StatusView, TellsWhoIsUnwellAndWhy) {
  auto status = sample();
  status.apps[0].generations[0].workers[0].unwell = "no\tdatabase";
  const std::string table = table_of(status, false);
  EXPECT_THAT(table,
              HasSubstr("  ! worker 1 of generation 8, pid 4194303, is unwell: no database"));
  EXPECT_THAT(table, HasSubstr("4194303  unwell  "));
  EXPECT_THAT(table, HasSubstr("1 of 2 workers serve, 1 of them unwell on 0.0.0.0:80"));
}

TEST(StatusView, TellsWhatEachGenerationIsThereFor) {
  auto status = sample();
  auto& generations = status.apps[0].generations;
  generations.insert(generations.begin(), {generations[0], generations[0]});
  generations[0].generation = 6;
  generations[1].generation = 7;
  generations[0].state = generations[1].state = "parked";
  generations[0].zygote = "none";
  generations[1].zygote = generations[2].zygote = "ready";
  generations[1].zygote_pss_bytes = 12UL * 1024 * 1024;
  generations[1].version = "1.1";
  generations[2].source = 5;
  generations[2].probation_left_ms = 54'900;
  for (auto& one : generations) one.library = "/srv/libweb.so";
  const std::string table = table_of(status, false);
  EXPECT_THAT(table, HasSubstr("  generation 8 serves on probation, for another 54.9 s, 0 ms old, "
                               "the version of 5 again\n    /srv/libweb.so\n"
                               "  generation 7 is parked, to go back to at once, 0 ms old\n"
                               "    version 1.1, zygote 12.0 MiB\n"
                               "  generation 6 is parked, to go back to by its copy, 0 ms old\n"));
  generations[2].state = "canary";
  EXPECT_THAT(
      table_of(status, false),
      HasSubstr("  generation 8 is a canary (1 of 2 workers) until hupd promote or abort, "));
}

TEST(StatusView, TellsWhatWentWrongAndWhen) {
  auto status = sample();
  auto& reload = status.apps[0].last_reload.emplace();
  reload.generation = 9;
  reload.outcome = control::Outcome::Done;
  reload.age_ms = 303'000;
  reload.ended_ms = 3'000;
  EXPECT_THAT(table_of(status, false),
              HasSubstr("  last reload, generation 9: done in 3.0 s, 5m 0s ago\n"));
  reload.outcome = control::Outcome::Rejected;
  reload.reason = "no database";
  EXPECT_THAT(table_of(status, false),
              HasSubstr("  ! last reload, generation 9: rejected, 5m 0s ago: no database\n"));
  status.apps[0].last_ended = reload;
  reload.outcome = control::Outcome::Running;
  reload.generation = 10;
  const std::string table = table_of(status, false);
  EXPECT_THAT(table, HasSubstr("! last reload, generation 9: rejected"));
  EXPECT_THAT(table, HasSubstr("  last reload, generation 10: under way for 5m 3s\n"));
}

TEST(StatusView, TellsThatNobodyCanBeReplaced) {
  auto status = sample();
  status.apps[0].generations[0].zygote = "waiting";
  EXPECT_THAT(table_of(status, false),
              HasSubstr("  ! no worker can be replaced: the zygote is waiting\n"));
  status.apps[0].generations[0].zygote = "starting";
  EXPECT_THAT(table_of(status, false),
              HasSubstr("  ! no worker can be replaced until its zygote has started\n"));
  status.apps[0].generations[0].zygote = "ready";
  EXPECT_THAT(table_of(status, false), Not(HasSubstr("no worker can")));
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
