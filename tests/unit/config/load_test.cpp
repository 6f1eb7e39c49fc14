#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "helpers.hpp"
#include "support/directory.hpp"

namespace hupd::config {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

TEST(Load, MinimalConfigurationHasDefaultsThatServe) {
  const App app = app_with("");
  EXPECT_EQ(app.name, "web");
  EXPECT_EQ(app.library, "/etc/hupd/libweb.so");
  EXPECT_EQ(app.workers, 4U);  // one per CPU
  EXPECT_EQ(app.settings_json, "{}");
  ASSERT_EQ(app.listen.size(), 1U);
  EXPECT_EQ(app.listen[0].text, "0.0.0.0:8080");

  App expected;  // everything else as the struct has it
  expected.name = app.name;
  expected.library = app.library;
  expected.workers = app.workers;
  expected.listen = app.listen;
  expected.plan = app.plan;
  EXPECT_EQ(app, expected);
}

TEST(Load, EveryKindOfValue) {
  const App app = app_with(R"(
workers = 2
preload = false
user = "www-data"
group = 33
groups = ["adm", 4]
umask = "0027"
directory = "data"
environment = { LANG = "C.UTF-8", EMPTY = "" }
limits = { nofile = 65536, core = "unlimited", as = ["1GiB", "2GiB"] }
boot_timeout = "5m"
stall_timeout = "0"
http = { max_body = "10MB", max_headers = 7 }
restart.jitter = "5%"
)");
  EXPECT_EQ(app.workers, 2U);
  EXPECT_FALSE(app.preload);
  EXPECT_EQ(app.user, "www-data");
  EXPECT_EQ(app.group, "33");
  EXPECT_THAT(app.groups, ElementsAre("adm", "4"));
  EXPECT_EQ(app.umask, 027U);
  EXPECT_EQ(app.directory, "/etc/hupd/data");
  EXPECT_EQ(app.environment.at("LANG"), "C.UTF-8");
  EXPECT_EQ(app.limits.at("nofile"), std::pair(65'536UL, 65'536UL));
  EXPECT_EQ(app.limits.at("core"), std::pair(unlimited, unlimited));
  EXPECT_EQ(app.limits.at("as"), std::pair(1UL << 30, 2UL << 30));
  EXPECT_EQ(app.boot_timeout, 5min);
  EXPECT_EQ(app.stall_timeout, 0ms);
  EXPECT_EQ(app.http.max_body, 10'000'000U);
  EXPECT_EQ(app.http.max_headers, 7U);
  EXPECT_EQ(app.restart.jitter_percent, 5U);
}

TEST(Load, AddressesWithWhatBelongsToThem) {
  const Settings settings = good(R"(
[app.web]
library = "/l.so"
listen = [
  { address = "unix:web.sock", mode = "0660", owner = "root", group = "www-data" },
  { address = "[::]:80", v6_only = false },
  "systemd:web",
])");
  ASSERT_EQ(settings.apps.size(), 1U);
  const auto& listen = settings.apps[0].listen;
  ASSERT_EQ(listen.size(), 3U);
  EXPECT_EQ(std::get<UnixAddress>(listen[0].address),
            (UnixAddress{"/etc/hupd/web.sock", 0660, "root", "www-data"}));
  EXPECT_EQ(std::get<TcpAddress>(listen[1].address), (TcpAddress{"::", 80, false}));
  EXPECT_EQ(std::get<InheritedAddress>(listen[2].address).name, "web");
}

TEST(Load, SurgeIsANumberOrAShareOfTheWorkersRoundedUp) {
  EXPECT_EQ(app_with("reload.surge = \"100%\"").reload.surge, 0U);
  EXPECT_EQ(app_with("reload.surge = 2").reload.surge, 2U);
  EXPECT_EQ(app_with("workers = 5\nreload.surge = \"50%\"").reload.surge, 3U);
  EXPECT_EQ(app_with("workers = 1\nreload.surge = \"1%\"").reload.surge, 1U);
  EXPECT_EQ(app_with("reload.surge = \"50%\"\nworkers = 8").reload.surge, 4U);  // in either order
}

TEST(Load, MasterHasItsOwnTable) {
  const Master master = good(R"(
[master]
log = { level = "debug", format = "json", file = "hupd.log" }
pid_file = "/run/hupd.pid"
[app.web]
library = "l.so"
listen = [":1"]
)")
                            .master;
  EXPECT_EQ(master.log, (Log{LogLevel::Debug, LogFormat::Json, "/etc/hupd/hupd.log"}));
  EXPECT_EQ(master.pid_file, "/run/hupd.pid");
}

TEST(Load, MetricsAreServedAtOneAddressOrSomeOrNone) {
  const std::string app = "[app.web]\nlibrary = \"web.so\"\nlisten = [\":80\"]\n[metrics]\n";
  EXPECT_TRUE(good(app).metrics.listen.empty());
  EXPECT_TRUE(good(app + "listen = \"\"").metrics.listen.empty());
  EXPECT_TRUE(good(app + "listen = []").metrics.listen.empty());
  const auto one = good(app + "listen = \"127.0.0.1:9100\"\nuser = \"nobody\"").metrics;
  ASSERT_EQ(one.listen.size(), 1U);
  EXPECT_EQ(one.listen[0].text, "127.0.0.1:9100");
  EXPECT_EQ(one.user, "nobody");
  const auto unix_socket = good(app + "listen = { address = \"unix:m\", mode = \"0660\" }").metrics;
  EXPECT_EQ(std::get<UnixAddress>(unix_socket.listen.at(0).address).mode, 0660U);
  EXPECT_EQ(good(app + "listen = [\"[::1]:9100\", \"unix:m\"]").metrics.listen.size(), 2U);
}

TEST(Load, AppsComeInTheOrderOfTheFile) {
  const Settings settings = good(R"(
[app.zebra]
library = "z.so"
listen = [":1"]
[app.ant]
library = "a.so"
listen = [":2"]
)");
  ASSERT_EQ(settings.apps.size(), 2U);
  EXPECT_EQ(settings.apps[0].name, "zebra");
  EXPECT_EQ(settings.apps[1].name, "ant");
}

TEST(Load, SettingsAreTheApplicationsOwn) {
  const App app = app_with(R"(
[app.web.settings]
greeting = "h\"i\n"
retries = 3
ratio = 0.5
whole = 2.0
debug = true
since = 2026-11-22
peers = ["a", "b"]
cache.ttl = "5m"
)");
  const std::map<std::string, std::string> text = {
      {"greeting", "h\"i\n"}, {"retries", "3"},        {"ratio", "0.5"},    {"whole", "2.0"},
      {"debug", "true"},      {"since", "2026-11-22"}, {"cache.ttl", "5m"},
  };
  EXPECT_EQ(app.settings_text, text);
  EXPECT_THAT(app.settings_json, testing::HasSubstr(R"("greeting" : "h\"i\n")"));
  EXPECT_THAT(app.settings_json, testing::HasSubstr(R"("since" : "2026-11-22")"));
}

TEST(Load, ReadsAFileAndStartsRelativePathsFromItsDirectory) {
  const std::string directory = testing::TempDir();
  std::ofstream(directory + "/load_test.toml") << "[app.web]\nlibrary='x.so'\nlisten=[':1']\n";
  const Loaded loaded = load("load_test.toml", {.cwd = directory});
  std::filesystem::remove(directory + "/load_test.toml");
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->apps[0].library,
            (std::filesystem::path(directory) / "x.so").lexically_normal());
}

TEST(Load, SaysWhyAFileCannotBeRead) {
  const auto missing = load("/no/such/hupd.toml");
  ASSERT_FALSE(missing);
  EXPECT_THAT(described(missing.error()),
              ElementsAre("/no/such/hupd.toml: cannot be read: No such file or directory"));
  const auto directory = load("/");
  ASSERT_FALSE(directory);
  EXPECT_THAT(described(directory.error()), ElementsAre("/: cannot be read: Is a directory"));
  const test::Directory own;
  const std::string large = own / "large.toml";
  std::ofstream(large).put(' ');
  std::filesystem::resize_file(large, 17UL * 1024 * 1024);
  const auto endless = load(large);
  ASSERT_FALSE(endless);
  EXPECT_THAT(described(endless.error()), ElementsAre(large + ": is larger than 16MiB"));
}

TEST(Load, DoesNotWaitForAPipeOrADevice) {
  const test::Directory directory;
  const std::string pipe = directory / "hupd.toml";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& path : {pipe, std::string("/dev/zero")}) {
    const auto loaded = load(path);
    ASSERT_FALSE(loaded);
    EXPECT_THAT(described(loaded.error()),
                ElementsAre(path + ": is not a file; it is to be read again at each reload"));
  }
}

}  // namespace
}  // namespace hupd::config
