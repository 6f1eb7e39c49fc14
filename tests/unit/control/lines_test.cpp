#include "control/lines.hpp"

#include <gtest/gtest.h>

namespace hupd::control {
namespace {

TEST(Lines, ComeWholeHoweverTheyAreCut) {
  for (std::size_t piece = 1; piece <= 12; ++piece) {
    const std::string text = "one\n\ntwo\nthr";
    Lines lines(10);
    std::string seen;
    for (std::size_t i = 0; i < text.size(); i += piece) {
      lines.add(std::string_view(text).substr(i, piece));
      while (const auto line = lines.next()) seen += '<' + *line + '>';
    }
    EXPECT_EQ(seen, "<one><><two>") << piece;
    EXPECT_FALSE(lines.has_next());
    lines.add("ee\n");
    EXPECT_TRUE(lines.has_next());
    EXPECT_EQ(lines.next(), "three");
  }
}

TEST(Lines, ThatAreTooLongAreKnownBeforeTheirEnd) {
  Lines lines(4);
  lines.add("1234");
  EXPECT_FALSE(lines.is_too_long());
  lines.add("5");
  EXPECT_TRUE(lines.is_too_long());
}

TEST(Lines, ThatAreTooLongDoNotHideTheOnesBefore) {
  Lines lines(4);
  lines.add("1\n12345\n");
  EXPECT_FALSE(lines.is_too_long());
  EXPECT_EQ(lines.next(), "1");
  EXPECT_TRUE(lines.is_too_long());
}

}  // namespace
}  // namespace hupd::control
