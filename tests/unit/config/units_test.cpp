#include "config/units.hpp"

#include <array>

#include <gtest/gtest.h>

#include "config/nearest.hpp"

namespace hupd::config {
namespace {

using namespace std::chrono_literals;

TEST(Units, DurationsNeedAUnit) {
  EXPECT_EQ(parse_duration("500ms"), Millis(500));
  EXPECT_EQ(parse_duration("30s"), Millis(30s));
  EXPECT_EQ(parse_duration("5m"), Millis(5min));
  EXPECT_EQ(parse_duration("1h"), Millis(1h));
  EXPECT_EQ(parse_duration("1d"), Millis(24h));
  EXPECT_EQ(parse_duration("0"), Millis(0));
  EXPECT_EQ(parse_duration("0s"), Millis(0));
  for (const char* bad : {"", "s", "30", "30 s", "-1s", "+1s", "1.5s", "1s ", " 1s", "1w", "1S",
                          "99999999999999999999s", "9223372036854775807d"}) {
    EXPECT_FALSE(parse_duration(bad)) << bad;
  }
}

TEST(Units, SizesNeedAUnit) {
  EXPECT_EQ(parse_size("1000B"), Bytes(1000));
  EXPECT_EQ(parse_size("64kB"), Bytes(64'000));
  EXPECT_EQ(parse_size("512KiB"), Bytes(512 * 1024));
  EXPECT_EQ(parse_size("16MiB"), Bytes(16 * 1024 * 1024));
  EXPECT_EQ(parse_size("1GiB"), Bytes(1) << 30);
  for (const char* bad : {"64", "64K", "64k", "64kb", "1 MiB", "-1B", "99999999999TiB"}) {
    EXPECT_FALSE(parse_size(bad)) << bad;
  }
}

TEST(Units, AreWrittenAsTheyAreRead) {
  for (const char* text : {"0s", "1ms", "1500ms", "90s", "2m", "36h", "7d"}) {
    EXPECT_EQ(format_duration(*parse_duration(text)), text);
  }
  for (const char* text : {"0B", "1023B", "1KiB", "64kB", "3MiB", "5GB", "2TiB"}) {
    EXPECT_EQ(format_size(*parse_size(text)), text);
  }
  for (const char* text : {"0000", "0027", "0660", "0777"}) {
    EXPECT_EQ(format_octal(*parse_octal(text)), text);
  }
}

TEST(Units, OctalsAndPercentagesKeepTheirBounds) {
  EXPECT_EQ(parse_octal("27"), 027U);
  for (const char* bad : {"", "8", "1000", "0x1f", "-7"}) EXPECT_FALSE(parse_octal(bad)) << bad;
  EXPECT_EQ(parse_percent("20%"), 20U);
  for (const char* bad : {"", "%", "20", "101%", "-1%"}) EXPECT_FALSE(parse_percent(bad)) << bad;
}

TEST(Nearest, KnowsWhatWasMeantOrKeepsQuiet) {
  const std::array<std::string_view, 4> known = {"workers", "listen", "boot_timeout", "user"};
  EXPECT_EQ(nearest("worker", known), "workers");
  EXPECT_EQ(nearest("lisetn", known), "listen");
  EXPECT_EQ(nearest("boot-timeout", known), "boot_timeout");
  EXPECT_EQ(nearest("bootTimeout", known), "boot_timeout");
  EXPECT_EQ(nearest("usr", known), "user");
  EXPECT_EQ(nearest("recycle", known), "");
  EXPECT_EQ(nearest(std::string(10'000, 'w'), known), "");
}

}  // namespace
}  // namespace hupd::config
