// What is committed in packaging/ against the tables that it is made from.
#include "manual/manual.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/describe.hpp"
#include "config/keys.hpp"
#include "manual/roff.hpp"
#include "manual/values.hpp"

namespace hupd::manual {
namespace {

using testing::HasSubstr;

struct Made {
  const char* path;
  std::string (*make)();
};
constexpr Made files[] = {{"packaging/man/hupd.1", hupd_page},
                          {"packaging/man/hupd.toml.5", toml_page},
                          {"packaging/completions/hupd.bash", bash_completion},
                          {"packaging/completions/_hupd", zsh_completion},
                          {"packaging/completions/hupd.fish", fish_completion}};

std::string content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(Manual, InPackagingIsWhatTheTablesSay) {
  for (const auto& [path, make] : files) {
    const std::string whole = std::string(HUPD_SOURCE_DIR) + "/" + path;
    if (std::getenv("HUPD_UPDATE_MANUAL") != nullptr) std::ofstream(whole) << make();
    EXPECT_TRUE(content(whole) == make())
        << path << " is not what the tables say; HUPD_UPDATE_MANUAL=1 writes it anew";
  }
}

TEST(Manual, HasEveryCommandFlagAndKey) {
  const auto program = cli::describe_program();
  for (const auto& command : program.commands) {
    EXPECT_THAT(hupd_page(), HasSubstr(".SS hupd " + escaped(command.name) + "\n"));
  }
  for (const auto& [name, flag] : all_flags(program)) {
    EXPECT_THAT(hupd_page(), HasSubstr(bold(name)));
    EXPECT_THAT(bash_completion(), HasSubstr(name));
    EXPECT_THAT(zsh_completion(), HasSubstr(name));
  }
  for (const auto& key : config::describe_keys()) {
    if (key.type == "table") continue;
    EXPECT_THAT(toml_page(), HasSubstr(".TP\n" + bold(key.key) + " = "));
  }
}

TEST(Manual, DoesNotTellOfWhatIsHidden) {
  for (const auto& [name, flag] : all_flags(cli::describe_program())) EXPECT_NE(name, "--names");
}

// The completions know a flag by its name alone.
TEST(Manual, AFlagTakesTheSameInEachCommand) {
  const auto program = cli::describe_program();
  const auto all = all_flags(program);
  for (const auto& command : program.commands) {
    for (const auto& flag : command.flags) {
      for (const auto& name : flag.names) EXPECT_EQ(all.at(name).type, flag.type) << name;
    }
  }
}

TEST(Roff, NothingIsTakenForARequest) {
  EXPECT_EQ(escaped(".SH a-b \\n"), "\\&.SH a\\-b \\en");
  EXPECT_EQ(escaped("it's ~/x"), "it\\(aqs \\(ti/x");
  EXPECT_EQ(escaped("[APP…]"), "[APP\\|.\\|.\\|.]");
}

TEST(Values, AreKnownByTheirType) {
  EXPECT_EQ(values_of({{"--x"}, "", false, ""}).kind, Kind::Nothing);
  EXPECT_EQ(values_of({{"--x"}, "FILE", false, ""}).kind, Kind::Files);
  EXPECT_EQ(values_of({{"--x"}, "TIME", false, ""}).kind, Kind::Anything);
  EXPECT_THAT(values_of({{"--x"}, "a|b", false, ""}).choices, testing::ElementsAre("a", "b"));
}

}  // namespace
}  // namespace hupd::manual
