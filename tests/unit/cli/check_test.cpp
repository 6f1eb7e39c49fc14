#include "cli/check.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace hupd::cli {
namespace {

namespace fs = std::filesystem;

class CheckTest : public testing::Test {
 protected:
  CheckTest() { fs::create_directories(directory_); }
  ~CheckTest() override { fs::remove_all(directory_); }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(directory_ / name) << text;
    return (directory_ / name).string();
  }
  int check(const std::string& config, config::Overrides overrides = {}) {
    out_.str("");
    err_.str("");
    return cli::check(config,
                      {.overrides = std::move(overrides),
                       .cpus = 4,
                       .accounts = {[](const std::string& user) { return user == "web"; },
                                    [](const std::string& group) { return group == "adm"; }}},
                      out_, err_);
  }

  fs::path directory_ = fs::path(testing::TempDir()) / ("hupd-check-" + std::to_string(getpid()));
  std::ostringstream out_, err_;
};

TEST_F(CheckTest, SaysWhatWouldRun) {
  const std::string library = write("libweb.so",
                                    "\x7f"
                                    "ELF...");
  const std::string file = write(
      "hupd.toml",
      "[app.web]\nlibrary = \"libweb.so\"\nworkers = 2\nlisten = [\"127.0.0.1:8080\"]\n"
      "[app.api]\nlibrary = \"libweb.so\"\nworkers = 1\nlisten = [\":1\", \"systemd:api\"]\n");
  EXPECT_EQ(check(file), 0);
  EXPECT_EQ(out_.str(),
            file + ": ok: app web: 2 workers on 127.0.0.1:8080, library " + library + "\n" + file +
                ": ok: app api: 1 worker on 0.0.0.0:1, systemd:api, library " + library + "\n");
  EXPECT_EQ(err_.str(), "");
}

TEST_F(CheckTest, PrintsEveryFaultOnALineOfItsOwn) {
  const std::string file = write("hupd.toml", "[app.web]\nworker = 2\nlisten = []\n");
  EXPECT_EQ(check(file), 2);
  EXPECT_EQ(out_.str(), "");
  EXPECT_EQ(err_.str(), file +
                            ":1:1: missing 'library' in [app.web]: write library = "
                            "\"/srv/web/libweb.so\"\n" +
                            file +
                            ":2:1: unknown key 'worker' in [app.web] (did you mean 'workers'?)\n" +
                            file +
                            ":3:10: app.web.listen: must be at least one address, such as "
                            "[\"127.0.0.1:8080\"], not an array\n");
}

TEST_F(CheckTest, LooksAtTheLibraryWithoutLoadingIt) {
  const std::string file =
      write("hupd.toml", "[app.web]\nlibrary = \"libweb.so\"\nlisten = [\":1\"]\n");
  const std::string start = file + ": app web: library " + (directory_ / "libweb.so").string();
  EXPECT_EQ(check(file), 2);
  EXPECT_EQ(err_.str(), start + ": No such file or directory\n");
  write("libweb.so", "");
  EXPECT_EQ(check(file), 2);
  EXPECT_EQ(err_.str(), start + ": it is empty\n");
  write("libweb.so", "#!/bin/sh\n");
  EXPECT_EQ(check(file), 2);
  EXPECT_EQ(err_.str(), start + ": it is not an ELF file, which a shared library is\n");
  fs::remove(directory_ / "libweb.so");
  fs::create_directory(directory_ / "libweb.so");
  EXPECT_EQ(check(file), 2);
  EXPECT_EQ(err_.str(), start + ": Is a directory\n");
}

TEST_F(CheckTest, KnowsWhichUsersAndGroupsThereAre) {
  write("libweb.so",
        "\x7f"
        "ELF...");
  const std::string file = write("hupd.toml",
                                 "[app.web]\nlibrary = \"libweb.so\"\nuser = \"wbe\"\n"
                                 "group = \"adn\"\ngroups = [\"adm\", \"amd\"]\n"
                                 "listen = [{ address = \"unix:s\", owner = \"wob\" }]\n");
  EXPECT_EQ(check(file), 2);
  EXPECT_EQ(err_.str(), file + ":3:8: app.web.user: there is no user \"wbe\"\n" + file +
                            ":4:9: app.web.group: there is no group \"adn\"\n" + file +
                            ":5:18: app.web.groups: there is no group \"amd\"\n" + file +
                            ":6:41: app.web.listen.owner: there is no user \"wob\"\n");
  EXPECT_EQ(check(file, {.user = "web", .group = "", .set = {"app.web.groups=[]"}}), 2);
  EXPECT_EQ(err_.str(), file + ":6:41: app.web.listen.owner: there is no user \"wob\"\n");
  EXPECT_EQ(
      check(
          file,
          {.listen = {":1"}, .user = "web", .group = "nobody-there", .set = {"app.web.groups=[]"}}),
      2);
  EXPECT_EQ(err_.str(), "--group: app.web.group: there is no group \"nobody-there\"\n");
}

TEST_F(CheckTest, ChecksFlagsAlone) {
  const std::string library = write("libweb.so",
                                    "\x7f"
                                    "ELF...");
  EXPECT_EQ(check("", {.listen = {":80"}, .library = library}), 0);
  EXPECT_EQ(out_.str(),
            "command line: ok: app web: 4 workers on 0.0.0.0:80, library " + library + "\n");
  EXPECT_EQ(check("", {.listen = {":80"}, .workers = "none", .library = library}), 2);
  EXPECT_EQ(err_.str(),
            "--workers: app.web.workers: must be \"auto\" or a whole number from 1 to 1024, not "
            "\"none\"\n");
}

}  // namespace
}  // namespace hupd::cli
