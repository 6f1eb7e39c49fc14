#include "cli/help.hpp"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command.hpp"
#include "cli/words.hpp"

namespace hupd::cli {
namespace {

using testing::HasSubstr;

std::string help(std::vector<std::string> command) {
  command.push_back("--help");
  return std::get<Say>(parse_command(command)).text;
}

void fits(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::size_t columns = 0;
    for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1U : 0U;
    EXPECT_LE(columns, 80U) << line;
  }
}

TEST(Help, FitsInEightyColumns) {
  fits(help({}));
  for (const auto& command : describe_program().commands) fits(help({command.name}));
}

TEST(Help, TellsWhatEachCommandTakes) {
  EXPECT_THAT(help({"reload"}), HasSubstr("Usage: hupd reload [OPTIONS] [APP…] [CONF.toml]\n"));
  EXPECT_THAT(help({"scale"}), HasSubstr("Usage: hupd scale [OPTIONS] APP N [CONF.toml]\n"));
  EXPECT_THAT(help({"run"}), HasSubstr("-l, --listen ADDRESS"));
  EXPECT_THAT(help({"run"}), HasSubstr("; may be repeated\n"));
  EXPECT_THAT(help({"status"}), testing::Not(HasSubstr("--names")));
}

TEST(Help, EveryFlagAndCommandIsExplained) {
  for (const auto& command : describe_program().commands) {
    EXPECT_FALSE(command.doc.empty()) << command.name;
    EXPECT_FALSE(command.about_arguments.empty()) << command.name;
    for (const auto& flag : command.flags) EXPECT_FALSE(flag.doc.empty()) << flag.names[0];
  }
}

TEST(Words, AreWrapped) {
  EXPECT_EQ(wrapped("", 10, 2), "");
  EXPECT_EQ(wrapped("one two three", 7, 2), "one two\n  three");
  EXPECT_EQ(wrapped("unbreakable word", 4, 0), "unbreakable\nword");
}

}  // namespace
}  // namespace hupd::cli
