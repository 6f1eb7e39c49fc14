#include "metrics/moment.hpp"

#include <gtest/gtest.h>

namespace hupd::metrics {
namespace {

TEST(Moment, IsMillisecondsSince1970) {
  EXPECT_EQ(moment_of("1970-01-01T00:00:00.000Z"), 0U);
  EXPECT_EQ(moment_of("2026-11-22T20:00:00.123Z"), 1'795'377'600'123U);
  EXPECT_EQ(moment_of("2024-02-29T23:59:59.999Z"), 1'709'251'199'999U);
}

TEST(Moment, IsNothingOfATextOfAnotherShape) {
  for (const char* text :
       {"", "now", "2026-11-22T20:00:00Z", "2026-13-22T20:00:00.123Z", "2023-02-29T20:00:00.123Z",
        "2026-11-22 20:00:00.123Z", "1969-12-31T23:59:59.999Z", "2026-11-22T20:00:00.123Z "}) {
    EXPECT_FALSE(moment_of(text)) << text;
  }
}

}  // namespace
}  // namespace hupd::metrics
