// hupd-app(3) is written by hand: its names against the header's.
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hupd::manual {
namespace {

using Names = std::set<std::string>;

std::string content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(HUPD_SOURCE_DIR "/" + path).rdbuf();
  return text.str();
}

Names found(const std::string& text, const char* pattern) {
  const std::regex regex(pattern);
  Names names;
  for (std::sregex_iterator one(text.begin(), text.end(), regex), end; one != end; ++one) {
    names.insert((*one)[1]);
  }
  return names;
}

// What follows each match of `begin`, up to the first `end`, by what the match names.
std::map<std::string, std::string> parts(const std::string& text, const char* begin,
                                         const char* end) {
  const std::regex regex(begin);
  std::map<std::string, std::string> parts;
  for (std::sregex_iterator one(text.begin(), text.end(), regex), none; one != none; ++one) {
    const auto from = static_cast<std::size_t>(one->position() + one->length());
    parts[(*one)[1]] = text.substr(from, text.find(end, from) - from);
  }
  return parts;
}

const std::string header = content("include/hupd/app.h");
const std::string page = content("packaging/man/hupd-app.3");

TEST(AppPage, HasEachFunctionOfEachTableAndNoOther) {
  const auto described = parts(page, "\n\\.SS struct (\\w+)\n", "\n.S");
  std::size_t tables = 0;
  for (const auto& [name, body] : parts(header, "\nstruct (\\w+) \\{", "\n};")) {
    const Names functions = found(body, "\\(\\*(\\w+)\\)\\(");
    if (functions.empty()) continue;
    ++tables;
    ASSERT_TRUE(described.contains(name)) << name;
    EXPECT_EQ(found(described.at(name), "\\.TP\n\\.B (\\w+)\n"), functions) << name;
  }
  EXPECT_EQ(tables, described.size());
  EXPECT_EQ(tables, 5U);
}

TEST(AppPage, HasEveryConstantAndNoOther) {
  Names constants = found(header, "\\b(HUPD_[A-Z_]+) = ");
  for (const auto& name : found(page, "\\b(HUPD_[A-Z_]+)\\b")) {
    EXPECT_NE(header.find(name), std::string::npos) << name;
    constants.erase(name);
  }
  EXPECT_EQ(constants, Names{}) << "are not in the page";
}

TEST(AppPage, NamesNoTypeThatThereIsNot) {
  for (const auto& name : found(page, "struct (hupd_\\w+)")) {
    EXPECT_NE(header.find("struct " + name + " {"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace hupd::manual
