#include "config/overrides.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/app_name.hpp"
#include "helpers.hpp"

namespace hupd::config {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

Loaded flags_only(Overrides overrides) {
  return load("", {.overrides = std::move(overrides), .cpus = 4, .cwd = "/home/op"});
}

const std::string two_apps =
    "[app.a]\nlibrary='a.so'\nlisten=[':1']\n[app.b]\nlibrary='b.so'\nlisten=[':2']\n";

TEST(Overrides, MakeAnAppWithoutAFile) {
  const Loaded loaded = flags_only({.listen = {":8080", "unix:web.sock"}, .library = "libweb.so"});
  ASSERT_TRUE(loaded);
  ASSERT_EQ(loaded->apps.size(), 1U);
  EXPECT_EQ(loaded->apps[0].name, "web");
  EXPECT_EQ(loaded->apps[0].library, "/home/op/libweb.so");
  EXPECT_EQ(loaded->apps[0].workers, 4U);
  EXPECT_EQ(loaded->apps[0].listen[1].text, "unix:/home/op/web.sock");
}

TEST(Overrides, WinOverTheFile) {
  const App app = app_with("workers = 7\nuser = \"x\"", {.listen = {"127.0.0.1:1", "127.0.0.1:2"},
                                                         .workers = "2",
                                                         .library = "other.so",
                                                         .user = "y",
                                                         .group = "33"});
  EXPECT_EQ(app.name, "web");
  EXPECT_EQ(app.workers, 2U);
  EXPECT_EQ(app.user, "y");
  EXPECT_EQ(app.group, "33");
  EXPECT_EQ(app.library, "/home/op/other.so");  // typed there, not in /etc/hupd
  ASSERT_EQ(app.listen.size(), 2U);
  EXPECT_EQ(app.listen[0].text, "127.0.0.1:1");
}

TEST(Overrides, OfTheMaster) {
  const Settings settings = good(two_apps, {.pid_file = "hupd.pid",
                                            .log_level = "error",
                                            .log_format = "json",
                                            .log_file = "/var/log/hupd"});
  EXPECT_EQ(settings.master.pid_file, "/home/op/hupd.pid");
  EXPECT_EQ(settings.master.log, (Log{LogLevel::Error, LogFormat::Json, "/var/log/hupd"}));
}

TEST(Overrides, SetReachesEveryKeyWithoutAShellsQuotes) {
  const App app =
      app_with("http.idle_timeout = \"1s\"",
               {.set = {"app.web.http.idle_timeout=5s", "app.web.backlog=10", "app.web.umask=0027",
                        "app.web.preload=false", "app.web.listen=[\"127.0.0.1:9\"]",
                        "app.web.settings.a.b=c d", "app.web.settings.\"x y\" = 'z'"}});
  EXPECT_EQ(app.http.idle_timeout, 5s);
  EXPECT_EQ(app.backlog, 10U);
  EXPECT_EQ(app.umask, 027U);
  EXPECT_FALSE(app.preload);
  EXPECT_EQ(app.listen[0].text, "127.0.0.1:9");
  EXPECT_EQ(app.settings_text.at("a.b"), "c d");
  EXPECT_EQ(app.settings_text.at("x y"), "z");
}

TEST(Overrides, SetsValueCannotSmuggleInAnotherKey) {
  const App app = app_with("", {.set = {"app.web.settings.a=1\nb = 2"}});
  EXPECT_EQ(app.settings_text.at("a"), "1\nb = 2");
}

TEST(Overrides, FaultsNameTheFlag) {
  EXPECT_THAT(faults_of(two_apps, {.log_level = "loud",
                                   .set = {"app.a.worker=1", "nonsense", "=1", "a b=1",
                                           "app.a.user.name=x", "app.b.http.idle_timeout=5"}}),
              ElementsAre("--set: 'nonsense' is not KEY=VALUE, such as app.web.workers=2",
                          "--set: '=1' is not KEY=VALUE, such as app.web.workers=2",
                          "--set: 'a b=1' is not KEY=VALUE, such as app.web.workers=2",
                          "--log-level: master.log.level: must be \"debug\", \"info\", \"warning\" "
                          "or \"error\", not \"loud\"",
                          "--set: unknown key 'worker' in [app.a] (did you mean 'workers'?)",
                          "--set: app.a.user: must be a name or a number, not a table",
                          "--set: app.b.http.idle_timeout: must be a duration from 1ms to 1d, such "
                          "as \"30s\", not 5 (a unit is missing: write ms, s, m, h or d)"));
}

TEST(Overrides, OfAnAppNeedToKnowWhichOne) {
  EXPECT_THAT(faults_of(two_apps, {.listen = {":1"}, .workers = "2"}),
              ElementsAre("--workers: there are several apps: say which with --set "
                          "app.NAME.KEY=VALUE",
                          "--listen: there are several apps: say which with --set "
                          "app.NAME.KEY=VALUE"));
}

TEST(Overrides, WithoutAnAddressSayWhatIsMissing) {
  const Loaded loaded = flags_only({.library = "libweb.so"});
  ASSERT_FALSE(loaded);
  EXPECT_THAT(described(loaded.error()),
              ElementsAre("command line: missing 'listen' in [app.web]: give --listen "
                          "127.0.0.1:8080"));
}

TEST(AppName, ComesFromTheLibrary) {
  EXPECT_EQ(app_name_of("/srv/libweb.so"), "web");
  EXPECT_EQ(app_name_of("libweb.so.1.2"), "web");
  EXPECT_EQ(app_name_of("web"), "web");
  EXPECT_EQ(app_name_of("my app+.so"), "my-app-");
  EXPECT_EQ(app_name_of("lib.so"), "lib");
  EXPECT_EQ(app_name_of(".so"), "app");
}

}  // namespace
}  // namespace hupd::config
