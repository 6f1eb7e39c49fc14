// Bad configurations, and the exact words that their author reads.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "helpers.hpp"

namespace hupd::config {
namespace {

using testing::ElementsAre;

struct Bad {
  const char* keys;  // of [app.web], from line 4 on
  const char* fault;
};

class BadKey : public testing::TestWithParam<Bad> {};

TEST_P(BadKey, IsNamedWithItsPlaceAndHowToWriteItRight) {
  const std::string head = "[app.web]\nlibrary = \"web.so\"\nlisten = [\":80\"]\n";
  EXPECT_THAT(faults_of(head + GetParam().keys), ElementsAre(GetParam().fault));
}

constexpr Bad bad_keys[] = {
    {"worker = 3", "hupd.toml:4:1: unknown key 'worker' in [app.web] (did you mean 'workers'?)"},
    {"parking = 3", "hupd.toml:4:1: unknown key 'parking' in [app.web]"},
    {"max_body = \"1MiB\"",
     "hupd.toml:4:1: unknown key 'max_body' in [app.web] (it belongs in [app.web.http])"},
    {"[app.web.http]\nidel_timeout = \"1s\"",
     "hupd.toml:5:1: unknown key 'idel_timeout' in [app.web.http] (did you mean 'idle_timeout'?)"},
    {"http = 3", "hupd.toml:4:8: app.web.http: must be a table, not 3"},
    {"settings = 3", "hupd.toml:4:12: app.web.settings: must be a table, not 3"},

    {"workers = 0",
     "hupd.toml:4:11: app.web.workers: must be \"auto\" or a whole number from 1 to 1024, not 0"},
    {"workers = \"4\"",
     "hupd.toml:4:11: app.web.workers: must be \"auto\" or a whole number from 1 to 1024, not "
     "\"4\""},
    {"backlog = 65536",
     "hupd.toml:4:11: app.web.backlog: must be a whole number from 1 to 65535, not 65536"},
    {"backlog = 1.5",
     "hupd.toml:4:11: app.web.backlog: must be a whole number from 1 to 65535, not 1.5"},
    {"preload = \"yes\"",
     "hupd.toml:4:11: app.web.preload: must be true or false, without quotes, not \"yes\""},

    {"boot_timeout = 30",
     "hupd.toml:4:16: app.web.boot_timeout: must be a duration from 1ms to 1d, such as \"30s\", "
     "not 30 (a unit is missing: write ms, s, m, h or d)"},
    {"boot_timeout = \"30 sec\"",
     "hupd.toml:4:16: app.web.boot_timeout: must be a duration from 1ms to 1d, such as \"30s\", "
     "not \"30 sec\" (unknown unit ' sec': write ms, s, m, h or d)"},
    {"boot_timeout = \"0s\"",
     "hupd.toml:4:16: app.web.boot_timeout: must be a duration from 1ms to 1d, such as \"30s\", "
     "not \"0s\""},
    {"drain_timeout = \"2d\"",
     "hupd.toml:4:17: app.web.drain_timeout: must be a duration from 0s to 1d, such as \"30s\", "
     "not \"2d\""},
    {"stall_timeout = 0",
     "hupd.toml:4:17: app.web.stall_timeout: must be a duration from 0s to 1d, such as \"30s\", "
     "not 0 (write it as a string with its unit)"},
    {"kill_timeout = true",
     "hupd.toml:4:16: app.web.kill_timeout: must be a duration from 1ms to 1h, such as \"30s\", "
     "not true"},
    {"http.max_header = \"64K\"",
     "hupd.toml:4:19: app.web.http.max_header: must be a size from 256B to 16MiB, such as "
     "\"64KiB\", not \"64K\" (unknown unit 'K': write B, kB, KiB, MB, MiB, GB, GiB, TB or TiB)"},
    {"restart.jitter = 20",
     "hupd.toml:4:18: app.web.restart.jitter: must be a percentage from \"0%\" to \"100%\", not "
     "20"},
    {"restart.jitter = \"120%\"",
     "hupd.toml:4:18: app.web.restart.jitter: must be a percentage from \"0%\" to \"100%\", not "
     "\"120%\""},
    {"restart.backoff_first = \"1m\"",
     "hupd.toml:4:25: app.web.restart: backoff_first must not be longer than backoff_cap"},
    {"reload.surge = \"0%\"",
     "hupd.toml:4:16: app.web.reload.surge: must be a number of workers from 1 to 1024 or a "
     "percentage of them from \"1%\" to \"100%\", not \"0%\""},

    {"probe = \"healthz\"",
     "hupd.toml:4:9: app.web.probe: must be the path of a request, such as \"/healthz\", not "
     "\"healthz\""},
    {"probe.path = \"/a b\"",
     "hupd.toml:4:14: app.web.probe.path: must be the path of a request, such as \"/healthz\", not "
     "\"/a b\""},
    {"probe.host = \"a\\r\\nb\"",
     "hupd.toml:4:14: app.web.probe.host: must be the name of a host, such as \"example.org\", not "
     "\"a??b\""},

    {"umask = 27",
     "hupd.toml:4:9: app.web.umask: must be octal digits as a string, such as \"0027\", not 27"},
    {"umask = \"0888\"",
     "hupd.toml:4:9: app.web.umask: must be octal digits as a string, such as \"0027\", not "
     "\"0888\""},
    {"user = [\"a\"]", "hupd.toml:4:8: app.web.user: must be a name or a number, not an array"},
    {"groups = \"adm\"",
     "hupd.toml:4:10: app.web.groups: must be a list, such as [\"adm\", \"www-data\"], not "
     "\"adm\""},
    {"directory = \"a\\u0000b\"",
     "hupd.toml:4:13: app.web.directory: must not contain a NUL character"},
    {"environment = { A = 1 }", "hupd.toml:4:21: app.web.environment.A: must be a string, not 1"},
    {"environment = { \"A=B\" = \"1\" }",
     "hupd.toml:4:17: app.web.environment.A=B: is no name of an environment variable"},
    {"limits = { nofiles = 1 }",
     "hupd.toml:4:12: unknown limit 'nofiles' in app.web.limits (did you mean 'nofile'?)"},
    {"limits = { cpu = [3, 1] }",
     "hupd.toml:4:18: app.web.limits.cpu: the soft limit, which is the first, must not be above "
     "the hard one"},
    {"limits = { cpu = [1] }",
     "hupd.toml:4:18: app.web.limits.cpu: must be one value or [soft, hard]"},
    {"limits = { nofile = \"1KiB\" }",
     "hupd.toml:4:21: app.web.limits.nofile: must be a whole number or \"unlimited\", not "
     "\"1KiB\""},
    {"limits = { as = -1 }",
     "hupd.toml:4:17: app.web.limits.as: must be a size such as \"16MiB\", a number of bytes or "
     "\"unlimited\", not -1"},
};
INSTANTIATE_TEST_SUITE_P(Table, BadKey, testing::ValuesIn(bad_keys));

class BadListen : public testing::TestWithParam<Bad> {};

TEST_P(BadListen, IsNamedWithItsPlace) {
  const std::string text = "[app.web]\nlibrary = \"web.so\"\nlisten = ";
  EXPECT_THAT(faults_of(text + GetParam().keys), ElementsAre(GetParam().fault));
}

constexpr Bad bad_lists[] = {
    {"\":80\"",
     "hupd.toml:3:10: app.web.listen: must be a list of addresses, such as [\"127.0.0.1:8080\"], "
     "not \":80\""},
    {"[]",
     "hupd.toml:3:10: app.web.listen: must be at least one address, such as [\"127.0.0.1:8080\"], "
     "not an array"},
    {"[\"localhost:80\"]",
     "hupd.toml:3:11: app.web.listen: 'localhost:80' names a host, and names are not looked up: "
     "write its address, such as \"127.0.0.1:80\""},
    {"[80]",
     "hupd.toml:3:11: app.web.listen: must be an address as a string, or a table such as "
     "{ address = \"unix:/run/web.sock\", mode = \"0660\" }, not 80"},
    {"[{ mode = \"0660\" }]",
     "hupd.toml:3:11: missing 'address' in [app.web.listen]: write address = "
     "\"unix:/run/web.sock\""},
    {"[{ address = \"\" }]",
     "hupd.toml:3:23: app.web.listen.address: must be an address as a string, not \"\""},
    {"[{ address = \":80\", mode = \"0660\" }]",
     "hupd.toml:3:37: app.web.listen: 'mode' is for unix sockets only"},
    {"[{ address = \":80\", v6_only = true }]",
     "hupd.toml:3:40: app.web.listen: 'v6_only' is for IPv6 addresses only"},
    {"[{ address = \"unix:/a\", mode = \"rw\" }]",
     "hupd.toml:3:41: app.web.listen.mode: must be octal digits as a string, such as \"0660\", "
     "not \"rw\""},
    {"[\":80\", \"0.0.0.0:80\"]", "hupd.toml:3:18: app.web.listen: '0.0.0.0:80' is listed already"},
    {"[\"unix:web.sock\", { address = \"unix:./web.sock\" }]",
     "hupd.toml:3:28: app.web.listen: 'unix:/etc/hupd/web.sock' is listed already"},
};
INSTANTIATE_TEST_SUITE_P(Table, BadListen, testing::ValuesIn(bad_lists));

struct BadFile {
  const char* text;
  std::vector<std::string> faults;
};

class BadDocument : public testing::TestWithParam<BadFile> {};

TEST_P(BadDocument, HasAllItsFaultsNamed) {
  EXPECT_EQ(faults_of(GetParam().text), GetParam().faults);
}

const BadFile bad_files[] = {
    {"", {"hupd.toml:1:1: no app to run: add a table [app.NAME] with 'library' and 'listen'"}},
    {"[app]", {"hupd.toml:1:1: no app to run: add a table [app.NAME] with 'library' and 'listen'"}},
    {"app = 3", {"hupd.toml:1:7: app: must be a table for each app, [app.NAME]"}},
    {"[app]\nlibrary = \"web.so\"",
     {"hupd.toml:2:1: 'library' is no table: an app is one with a name, [app.NAME], and its keys "
      "go there"}},
    {"[app.web]",
     {"hupd.toml:1:1: missing 'library' in [app.web]: write library = \"/srv/web/libweb.so\"",
      "hupd.toml:1:1: missing 'listen' in [app.web]: write listen = [\"127.0.0.1:8080\"]"}},
    {"[app.\"my web\"]\nlibrary = \"web.so\"\nlisten = [\":80\"]",
     {"hupd.toml:1:6: bad name of an app 'my web': use 1 to 64 letters, digits, '_' and '-'"}},
    {"[mastre]\n[app.web]\nlibrary = \"\"\nlisten = [\":80\"]",
     {"hupd.toml:1:2: unknown key 'mastre' (did you mean 'master'?)",
      "hupd.toml:3:11: app.web.library: must be the path of a file, not \"\""}},
    {"[app.b]\nlibrary='b.so'\nlisten=[':80']\n[app.a]\nlibrary='a.so'\nlisten=['127.0.0.1:80']",
     {"hupd.toml:6:9: app.a.listen: '127.0.0.1:80' is part of '0.0.0.0:80', which is listed "
      "already in app.b.listen"}},
    {"[app.web]\nworker = 3\nlisten = [\"localhost:80\"]\n[master]\nlog = { level = 3, lvl = 4 }",
     {"hupd.toml:1:1: missing 'library' in [app.web]: write library = \"/srv/web/libweb.so\"",
      "hupd.toml:2:1: unknown key 'worker' in [app.web] (did you mean 'workers'?)",
      "hupd.toml:3:11: app.web.listen: 'localhost:80' names a host, and names are not looked up: "
      "write its address, such as \"127.0.0.1:80\"",
      "hupd.toml:5:17: master.log.level: must be \"debug\", \"info\", \"warning\" or \"error\", "
      "not 3",
      "hupd.toml:5:20: unknown key 'lvl' in [master.log]"}},
};
INSTANTIATE_TEST_SUITE_P(Table, BadDocument, testing::ValuesIn(bad_files));

TEST(Fault, IsOneLineWhateverTheValueHolds) {
  EXPECT_EQ((Fault{"hupd.toml", 1, 2, "not \"a\nb\x1b[0m\""}).describe(),
            "hupd.toml:1:2: not \"a?b?[0m\"");
}

TEST(Fault, ShowsOnlyTheHeadOfALongValue) {
  const std::string text =
      "[app.web]\nlibrary='x'\nlisten=[':1']\nworkers='" + std::string(1000, 'x') + "'";
  const auto faults = faults_of(text);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_LT(faults[0].size(), 200U);
}

// The words and the column are toml++'s, and differ between its versions.
TEST(Fault, OfSyntaxComesAloneWithItsLine) {
  const auto twice = faults_of("[app.web]\nbacklog = 1\nbacklog = 2\nworker = 3");
  ASSERT_EQ(twice.size(), 1U);
  EXPECT_THAT(twice[0], testing::StartsWith("hupd.toml:3:"));
  EXPECT_THAT(twice[0], testing::HasSubstr("redefine"));
  const auto open = faults_of("[app.web]\nlibrary = \"x");
  ASSERT_EQ(open.size(), 1U);
  EXPECT_THAT(open[0], testing::StartsWith("hupd.toml:2:"));
}

TEST(Fault, IsAKeyTooDeepForAnyStack) {
  std::string key = "a";
  for (int i = 0; i < 100'000; ++i) key += " . \"a\"";
  const auto faults = faults_of("[app.web]\n" + key + " = 1");
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_THAT(faults[0], testing::StartsWith("hupd.toml:2:"));
  EXPECT_THAT(faults[0], testing::EndsWith(": a key with more than 128 parts"));
  const std::string prose =
      "[app.web.settings]\ntext = \"" + std::string(200, '.') + "\" # e.g. a. b";
  EXPECT_EQ(faults_of(prose).size(), 2U);  // only what is missing
}

TEST(Fault, OfMetrics) {
  const std::string app = "[app.web]\nlibrary = \"web.so\"\nlisten = [\":80\"]\n[metrics]\n";
  EXPECT_THAT(faults_of(app + "listen = \"127.0.0.1:80\""),
              testing::ElementsAre(testing::AllOf(testing::HasSubstr("app.web.listen: "),
                                                  testing::HasSubstr("in metrics.listen"))));
  EXPECT_THAT(faults_of(app + "listen = [\"[::1]:9\", \"[::1]:9\"]"),
              testing::ElementsAre("hupd.toml:5:22: metrics.listen: '[::1]:9' is listed already"));
  EXPECT_THAT(faults_of(app + "listen = 9100"),
              testing::ElementsAre(testing::StartsWith("hupd.toml:5:10: metrics.listen: must be")));
  EXPECT_THAT(faults_of(app + "lisen = \"\""),
              testing::ElementsAre(testing::HasSubstr("unknown key 'lisen' in [metrics]")));
}

// What no person wrote: cut at every byte, it is read or refused, and nothing worse.
TEST(Fault, OfATruncatedFileIsAFault) {
  const std::string text =
      "[app.web]\nlibrary = \"x.so\"\nlisten = [{ address = \"unix:x\", mode = \"0660\" }]\n"
      "limits = { as = [1, \"2GiB\"] }\n[app.web.settings]\na = 1979-05-27\n";
  for (std::size_t length = 0; length < text.size(); ++length) {
    const Loaded loaded = read(text.substr(0, length));
    EXPECT_TRUE(loaded || !loaded.error().empty());
  }
}

}  // namespace
}  // namespace hupd::config
