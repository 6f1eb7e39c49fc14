#include "cli/command.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hupd::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

template <typename T>
T parsed(std::vector<std::string> arguments) {
  Command command = parse_command(std::move(arguments));
  if (const auto* say = std::get_if<Say>(&command)) ADD_FAILURE() << say->text;
  auto* found = std::get_if<T>(&command);
  EXPECT_NE(found, nullptr);
  return found != nullptr ? *found : T{};
}

// TEST() hides the name Run.
Run run_of(std::vector<std::string> arguments) { return parsed<Run>(std::move(arguments)); }
Check check_of(std::vector<std::string> arguments) { return parsed<Check>(std::move(arguments)); }

Say said(std::vector<std::string> arguments) {
  const Command command = parse_command(std::move(arguments));
  const auto* say = std::get_if<Say>(&command);
  EXPECT_NE(say, nullptr);
  return say != nullptr ? *say : Say{};
}

TEST(Command, MetricsAreAStatusInOtherWords) {
  const auto ask = parsed<Ask>({"metrics", "web"});
  EXPECT_EQ(ask.request.command, control::Command::Status);
  EXPECT_THAT(ask.request.apps, ElementsAre("web"));
  EXPECT_TRUE(ask.metrics);
  EXPECT_TRUE(ask.timeout) << "it is answered at once";
  EXPECT_FALSE(parsed<Ask>({"status"}).metrics);
}

TEST(Command, RunTakesAConfiguration) {
  const auto run = run_of({"run", "hupd.toml"});
  EXPECT_EQ(run.config_path, "hupd.toml");
  EXPECT_FALSE(run.overrides.library);
}

TEST(Command, RunTakesALibraryAndAddresses) {
  const auto run = run_of({"run", "-l", ":8080", "--listen", "[::1]:80", "--listen=unix:a b", "-w",
                           "2", "./libweb.so.1"});
  EXPECT_EQ(run.config_path, "");
  EXPECT_EQ(run.overrides.library, "./libweb.so.1");
  EXPECT_THAT(run.overrides.listen, ElementsAre(":8080", "[::1]:80", "unix:a b"));
  EXPECT_EQ(run.overrides.workers, "2");
}

TEST(Command, RunTakesBothInEitherOrder) {
  for (const auto& files : {std::vector<std::string>{"a.toml", "b.so"}, {"b.so", "a.toml"}}) {
    const auto run = run_of({"run", files[0], files[1]});
    EXPECT_EQ(run.config_path, "a.toml");
    EXPECT_EQ(run.overrides.library, "b.so");
  }
}

TEST(Command, KnowsALibraryByItsFirstBytesToo) {
  const std::string file = testing::TempDir() + "/hupd-command-test-web";
  std::ofstream(file) << "\x7f"
                      << "ELF and so on";
  EXPECT_EQ(run_of({"run", file}).overrides.library, file);
  std::ofstream(file) << "[app.web]";
  EXPECT_EQ(run_of({"run", file}).config_path, file);
  std::filesystem::remove(file);
}

TEST(Command, EveryFlagArrives) {
  const auto flags = run_of({"run", "a.toml", "--user", "u", "--group", "g", "--pid-file", "p",
                             "--log-level", "debug", "--log-format", "json", "--log-file", "f",
                             "--set", "a.b=c d", "--set", "e=[1, 2]"})
                         .overrides;
  EXPECT_EQ(flags.user, "u");
  EXPECT_EQ(flags.group, "g");
  EXPECT_EQ(flags.pid_file, "p");
  EXPECT_EQ(flags.log_level, "debug");
  EXPECT_EQ(flags.log_format, "json");
  EXPECT_EQ(flags.log_file, "f");
  EXPECT_THAT(flags.set, ElementsAre("a.b=c d", "e=[1, 2]"));
}

TEST(Command, CheckTakesWhatRunTakes) {
  const auto check = check_of({"check", "hupd.toml", "--workers", "auto"});
  EXPECT_EQ(check.config_path, "hupd.toml");
  EXPECT_EQ(check.overrides.workers, "auto");
}

TEST(Command, TellsAppsFromAConfiguration) {
  const auto ask = parsed<Ask>({"reload", "web", "conf/hupd.toml", "api", "--timeout", "30s"});
  EXPECT_EQ(ask.request.command, control::Command::Reload);
  EXPECT_THAT(ask.request.apps, ElementsAre("web", "api"));
  EXPECT_EQ(ask.config_path, "conf/hupd.toml");
  EXPECT_EQ(ask.timeout, std::chrono::seconds(30));
  EXPECT_EQ(parsed<Ask>({"reload"}).timeout, std::nullopt) << "it ends, by its own time limits";
  EXPECT_EQ(parsed<Ask>({"status"}).timeout, std::chrono::seconds(10)) << "of a stuck master";
  EXPECT_EQ(parsed<Ask>({"status", "--watch"}).timeout, std::nullopt);
  EXPECT_EQ(parsed<Ask>({"upgrade"}).timeout, std::chrono::seconds(30)) << "of which 10 a check";
  EXPECT_EQ(parsed<Ask>({"upgrade", "--timeout", "2m"}).timeout, std::chrono::minutes(2));
  EXPECT_EQ(parsed<Ask>({"upgrade", "--no-wait"}).timeout, std::chrono::seconds(10));
  EXPECT_TRUE(ask.request.wait);
  EXPECT_FALSE(parsed<Ask>({"reload", "--no-wait"}).request.wait);
}

TEST(Command, TakesTheControlSocketBeforeOrAfterTheCommand) {
  for (const auto& arguments : {std::vector<std::string>{"--control", "c.sock", "status"},
                                {"status", "--control", "c.sock"},
                                {"status", "--json", "--control=c.sock"}}) {
    EXPECT_EQ(parsed<Ask>(arguments).control_path, "c.sock");
  }
  EXPECT_EQ(run_of({"--control", "c.sock", "run", "a.toml"}).overrides.control, "c.sock");
  EXPECT_EQ(run_of({"run", "a.toml", "--control", "c.sock"}).overrides.control, "c.sock");
}

TEST(Command, ScaleTakesAnAppAndANumber) {
  const auto ask = parsed<Ask>({"scale", "web", "4"});
  EXPECT_THAT(ask.request.apps, ElementsAre("web"));
  EXPECT_EQ(ask.request.workers, 4U);
}

TEST(Command, HelpAndVersionAreNoFaults) {
  for (const auto& arguments : {std::vector<std::string>{"--help"}, {"-h"}, {"run", "--help"}}) {
    const Say say = said(arguments);
    EXPECT_EQ(say.exit_code, 0);
    EXPECT_THAT(say.text, HasSubstr("Usage: hupd"));
    EXPECT_THAT(say.text, testing::EndsWith("\n"));
  }
  EXPECT_THAT(said({"--help"}).text, HasSubstr("hupd run --listen 127.0.0.1:8080"));
  EXPECT_THAT(said({"run", "--help"}).text, HasSubstr("--listen"));
  EXPECT_EQ(said({"--version"}).exit_code, 0);
  EXPECT_THAT(said({"--version"}).text, testing::MatchesRegex("hupd [0-9.]+\n"));
}

struct Wrong {
  std::vector<std::string> arguments;
  const char* first_line;
};

TEST(Command, WrongUsageIsExplainedAndExitsWith2) {
  const Wrong table[] = {
      {{}, "hupd: a command is missing, one of run, check, reload, "},
      {{"frob"}, "hupd: unknown command 'frob': the commands are run, check, reload, "},
      {{"scale", "web"}, "hupd: scale takes an app and a number of workers: hupd scale web 4\n"},
      {{"stop", "web"}, "hupd: 'web': stop is for the whole master\n"},
      {{"reload", "a.toml", "b.toml"}, "hupd: b.toml: only one configuration can be named\n"},
      {{"reload", "--timeout", "3"}, "hupd: --timeout 3: a unit is missing"},
      {{"run"},
       "hupd: run needs a configuration or a library: hupd run hupd.toml, or hupd run --listen "
       "127.0.0.1:8080 libweb.so\n"},
      {{"run", "a.toml", "b.toml"}, "hupd: b.toml: only one configuration can be named\n"},
      {{"run", "a.so", "b.so"}, "hupd: b.so: only one library can be named\n"},
      {{"run", "a.toml", "--lisen", ":1"}, "--lisen"},
      {{"run", "a.toml", "--listen"}, "--listen"},
  };
  for (const Wrong& wrong : table) {
    const Say say = said(wrong.arguments);
    EXPECT_EQ(say.exit_code, 2);
    EXPECT_THAT(say.text, HasSubstr(wrong.first_line));
    EXPECT_THAT(say.text, testing::EndsWith("See hupd --help.\n"));
  }
}

}  // namespace
}  // namespace hupd::cli
