#include "metrics/text.hpp"

#include <gtest/gtest.h>

namespace hupd::metrics {
namespace {

TEST(Text, HasTheHeadOfAFamilyAndThenItsSamples) {
  Text text;
  text.begin({"jobs", Type::Counter, "", "Done."});
  text.sample({}, 7U);
  text.begin({"wait_seconds", Type::Gauge, "seconds", "So long."});
  text.sample({{"app", "web"}, {"state", "idle"}}, Seconds{1'002});
  text.begin({"build", Type::Info, "", "This."});
  text.sample({{"version", "1"}}, 1U);
  EXPECT_EQ(std::move(text).finished(),
            "# TYPE jobs counter\n"
            "# HELP jobs Done.\n"
            "jobs_total 7\n"
            "# TYPE wait_seconds gauge\n"
            "# UNIT wait_seconds seconds\n"
            "# HELP wait_seconds So long.\n"
            "wait_seconds{app=\"web\",state=\"idle\"} 1.002\n"
            "# TYPE build info\n"
            "# HELP build This.\n"
            "build_info{version=\"1\"} 1\n"
            "# EOF\n");
}

TEST(Text, EscapesWhatWouldEndALabelOrALine) {
  Text text;
  text.begin({"a", Type::Gauge, "", "One\nline, \"quoted\" \\."});
  text.sample({{"l", "\"\\\n{}="}}, 0U);
  EXPECT_EQ(std::move(text).finished(),
            "# TYPE a gauge\n"
            "# HELP a One\\nline, \\\"quoted\\\" \\\\.\n"
            "a{l=\"\\\"\\\\\\n{}=\"} 0\n"
            "# EOF\n");
}

TEST(Text, KeepsEveryDigitOfALargeCount) {
  Text text;
  text.begin({"a", Type::Counter, "", ""});
  text.sample({}, UINT64_MAX);
  EXPECT_NE(std::move(text).finished().find("a_total 18446744073709551615\n"), std::string::npos);
}

}  // namespace
}  // namespace hupd::metrics
