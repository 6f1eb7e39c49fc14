#include <gtest/gtest.h>

#include "helpers.hpp"

namespace hupd::config {
namespace {

void expect_round_trip(const App& app) {
  const auto again = parse_plan(app.plan);
  if (!again) {
    for (const std::string& line : described(again.error())) ADD_FAILURE() << line << app.plan;
    return;
  }
  EXPECT_EQ(*again, app) << app.plan << again->plan;
}

TEST(Plan, OfAMinimalAppGivesItBack) { expect_round_trip(app_with("")); }

TEST(Plan, CarriesResolvedValuesOnly) {
  const App app = app_with("", {.workers = "auto", .set = {"app.web.reload.surge=50%"}});
  const auto again = parse_plan(app.plan);  // by a process that knows neither CPUs nor directory
  ASSERT_TRUE(again);
  EXPECT_EQ(again->workers, 4U);
  EXPECT_EQ(again->reload.surge, 2U);
  EXPECT_EQ(again->library, "/etc/hupd/libweb.so");
}

TEST(Plan, OfAnAppWithEveryKeyGivesItBack) {
  expect_round_trip(good(R"(
[app."a-B_9"]
library = "it's \"odd\".so"
listen = [
  { address = "unix:web.sock", mode = "0600", owner = "root", group = "www-data" },
  { address = "[::]:80", v6_only = false }, "systemd:web", ":81", "[::1]:0",
]
workers = 3
backlog = 7
preload = false
user = "u"
group = "1"
groups = ["a", "2"]
no_new_privs = false
umask = "0000"
directory = "/"
environment = { A = "line\nline\t\u0001 'x' \"y\" ''' \"\"\"", "odd.name x" = "\\" }
limits = { nofile = [1, 2], core = ["0B", "unlimited"], as = "1GiB" }
boot_timeout = "1ms"
drain_timeout = "0s"
stall_timeout = "0s"
kill_timeout = "61s"
[app."a-B_9".reload]
surge = 2
[app."a-B_9".restart]
backoff_first = "1s"
backoff_cap = "1h"
jitter = "0%"
stable_after = "1d"
[app."a-B_9".probe]
path = "/healthz?a=b"
host = "example.org:81"
timeout = "1ms"
interval = "0s"
[app."a-B_9".connection]
read_buffer = "5000B"
write_high_mark = "1GiB"
idle_timeout = "1500ms"
linger_timeout = "0s"
[app."a-B_9".http]
header_timeout = "1s"
body_timeout = "2s"
idle_timeout = "3s"
write_timeout = "4s"
max_header = "1000B"
max_target = "999B"
max_body = "0B"
max_headers = 1
[app."a-B_9".settings]
text = "'''\n\"\"\"\\ \u007f é"
nested = { "a.b" = [1, 2.5, true, { c = "d" }], empty = {}, none = [] }
when = 2026-11-22T20:00:00Z
far = inf
small = 1e-300
big = -9223372036854775808
)")
                        .apps.at(0));
}

}  // namespace
}  // namespace hupd::config
