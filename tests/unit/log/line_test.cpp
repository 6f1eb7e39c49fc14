#include "log/line.hpp"

#include <gtest/gtest.h>

#include "log/escape.hpp"

namespace hupd::log {
namespace {

using namespace std::chrono_literals;

const Time moment = Time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)) + 20h + 123ms;
const Subject worker = {.app = "web", .gen = 5, .worker = 3, .pid = 812};

TEST(Line, SaysTimeLevelAndSubjectInOneShape) {
  EXPECT_EQ(text_line(moment, Level::Info, worker, "ready"),
            "2026-11-22T20:00:00.123Z info  app=web gen=5 worker=3 pid=812 ready");
  EXPECT_EQ(text_line(moment, Level::Error, {.app = "web"}, "gone"),
            "2026-11-22T20:00:00.123Z error app=web gone");
  EXPECT_EQ(text_line(moment, Level::Warning, {}, "late"), "2026-11-22T20:00:00.123Z warn  late");
}

TEST(Line, LeavesTimeAndLevelToTheJournal) {
  EXPECT_EQ(journal_line(Level::Info, worker, "ready"), "<6>app=web gen=5 worker=3 pid=812 ready");
  EXPECT_EQ(journal_line(Level::Error, {}, "x"), "<3>x");
  EXPECT_EQ(journal_line(Level::Warning, {}, "x"), "<4>x");
  EXPECT_EQ(journal_line(Level::Debug, {}, "x"), "<7>x");
}

TEST(Line, IsOneJsonObject) {
  EXPECT_EQ(json_line(moment, Level::Info, worker, "ready"),
            R"({"time":"2026-11-22T20:00:00.123Z","level":"info","app":"web","gen":5,"worker":3,)"
            R"("pid":812,"text":"ready"})");
  EXPECT_EQ(json_line(moment, Level::Warning, {}, "say \"hi\"\\\n\x1b[0m"),
            R"({"time":"2026-11-22T20:00:00.123Z","level":"warn",)"
            R"("text":"say \"hi\"\\\n\u001b[0m"})");
}

TEST(Line, StaysOneLineWhateverTheTextHolds) {
  EXPECT_EQ(journal_line(Level::Info, {}, "a\nb\r\tc"), R"(<6>a\nb\r\tc)");
  EXPECT_EQ(journal_line(Level::Info, {}, std::string_view("nul\0!", 5)), R"(<6>nul\x00!)");
}

struct Escaped {
  std::string_view raw, text, json;
};

TEST(Escape, LetsNothingThroughThatMovesATerminalOrIsNoUtf8) {
  const Escaped table[] = {
      {"plain, \xc3\xa9, \xe2\x82\xac, \xf0\x9f\x98\x80",
       "plain, \xc3\xa9, \xe2\x82\xac, \xf0\x9f\x98\x80",
       "plain, \xc3\xa9, \xe2\x82\xac, \xf0\x9f\x98\x80"},
      {"\x1b[31mred", R"(\x1b[31mred)", R"(\u001b[31mred)"},
      {"\x7f", R"(\x7f)", R"(\u007f)"},
      {"\xc2\x9b"
       "31m",
       R"(\x9b31m)", R"(\u009b31m)"},                           // CSI in eight bits
      {"\xff", R"(\xff)", "\xef\xbf\xbd"},                      // never in UTF-8
      {"\xc3", R"(\xc3)", "\xef\xbf\xbd"},                      // the rest is missing
      {"\xc0\xaf", R"(\xc0\xaf)", "\xef\xbf\xbd\xef\xbf\xbd"},  // too long a form
      {"\xed\xa0\x80", R"(\xed\xa0\x80)", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},  // surrogate
      {"\xf4\x90\x80\x80", R"(\xf4\x90\x80\x80)",
       "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},  // above U+10FFFF
  };
  for (const Escaped& one : table) {
    EXPECT_EQ(escape_text(one.raw), one.text);
    EXPECT_EQ(escape_json(one.raw), one.json);
  }
}

TEST(Escape, CutsLongTextsAtACharacterAndSaysSo) {
  EXPECT_EQ(cut(std::string(8192, 'x')), std::string(8192, 'x'));
  EXPECT_EQ(cut(std::string(8200, 'x')), std::string(8192, 'x') + " [8 more bytes cut]");
  const std::string split = std::string(8191, 'x') + "\xe2\x82\xac";
  EXPECT_EQ(cut(split), std::string(8191, 'x') + " [3 more bytes cut]");
}

TEST(Priority, IsTakenOffTheHeadOfALine) {
  EXPECT_EQ(parse_priority("<3>bad").level, Level::Error);
  EXPECT_EQ(parse_priority("<3>bad").text, "bad");
  EXPECT_EQ(parse_priority("<0>").level, Level::Error);
  EXPECT_EQ(parse_priority("<4>x").level, Level::Warning);
  EXPECT_EQ(parse_priority("<5>x").level, Level::Info);
  EXPECT_EQ(parse_priority("<6>x").level, Level::Info);
  EXPECT_EQ(parse_priority("<7>x").level, Level::Debug);
}

TEST(Priority, IsNotSeenWhereThereIsNone) {
  for (const std::string_view line : {"", "<", "<3", "<8>x", "<33>x", "<x>", " <3>x", "plain"}) {
    EXPECT_FALSE(parse_priority(line).level.has_value()) << line;
    EXPECT_EQ(parse_priority(line).text, line);
  }
}

}  // namespace
}  // namespace hupd::log
