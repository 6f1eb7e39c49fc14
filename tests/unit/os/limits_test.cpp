// The process's surroundings: limits, directory, environment.
#include "os/limits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/process.hpp"
#include "support/child.hpp"
#include "support/directory.hpp"
#include "support/result.hpp"

namespace hupd::os {
namespace {

using test::fault_of;
using testing::Contains;
using testing::Not;
using testing::StartsWith;

TEST(Limits, AreSetByName) {
  EXPECT_EQ(test::in_child([] {
              test::Faults faults;
              faults.expect(fault_of(set_limits({{"nofile", {64, 80}}, {"core", {0, 0}}})).empty(),
                            "both can be set");
              rlimit limit{};
              ::getrlimit(RLIMIT_NOFILE, &limit);
              faults.expect(limit.rlim_cur == 64 && limit.rlim_max == 80, "soft and hard");
              faults.expect(descriptor_limit() == 64, "the soft limit counts");
              raise_descriptor_limit();
              faults.expect(descriptor_limit() == 80, "and goes up to the hard one");
              return faults.first();
            }),
            "");
}

TEST(Limits, HaveAWordForNone) {
  EXPECT_EQ(test::in_child([] {
              rlimit before{};
              ::getrlimit(RLIMIT_STACK, &before);
              if (before.rlim_max != RLIM_INFINITY) return std::string();
              const std::string fault = fault_of(set_limits({{"stack", {unlimited, unlimited}}}));
              ::getrlimit(RLIMIT_STACK, &before);
              return before.rlim_cur == RLIM_INFINITY ? fault : "not unlimited";
            }),
            "");
}

TEST(Limits, RefuseAnUnknownNameAndAnUpsideDownPair) {
  EXPECT_EQ(fault_of(set_limits({{"nofiles", {1, 1}}})), "limit nofiles: there is no such limit");
  EXPECT_EQ(fault_of(set_limits({{"nofile", {80, 64}}})), "set limit nofile: Invalid argument");
}

TEST(Surroundings, AreTheDirectoryAndTheMask) {
  const test::Directory directory;
  EXPECT_EQ(test::in_child([&] {
              test::Faults faults;
              faults.expect(change_directory(directory.path()).has_value(), "it can be entered");
              set_umask(0027);
              test::write("file", "");
              faults.expect(test::mode_of(directory / "file") == 0640, "the mask applies there");
              return faults.first();
            }),
            "");
  EXPECT_EQ(fault_of(change_directory("/nowhere")),
            "change to directory /nowhere: No such file or directory");
}

TEST(ChildEnvironment, KeepsBackWhatSpeaksForTheServiceAlone) {
  EXPECT_EQ(test::in_child([] {
              test::Faults faults;
              const auto names = {"NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC",
                                  "LISTEN_PID",    "LISTEN_FDS",   "LISTEN_FDNAMES"};
              for (const char* name : names) ::setenv(name, "1", 1);
              ::setenv("NOTIFY_SOCKETS", "another's", 1);
              const auto environment = child_environment({});
              for (const char* name : names) {
                for (const auto& variable : environment) {
                  faults.expect(!variable.starts_with(std::string(name) + "="), name);
                }
              }
              faults.expect(testing::Value(environment, Contains("NOTIFY_SOCKETS=another's")),
                            "a longer name is another variable");
              return faults.first();
            }),
            "");
}

TEST(ChildEnvironment, LetsAdditionsWin) {
  EXPECT_EQ(test::in_child([] {
              test::Faults faults;
              ::setenv("HUPD_TEST", "old", 1);
              ::setenv("HUPD_TEST_2", "kept", 1);
              const auto environment = child_environment({{"HUPD_TEST", "new"}, {"OTHER", ""}});
              faults.expect(testing::Value(environment, Contains("HUPD_TEST=new").Times(1)), "new");
              faults.expect(testing::Value(environment, Not(Contains("HUPD_TEST=old"))), "no old");
              faults.expect(testing::Value(environment, Contains("HUPD_TEST_2=kept")), "kept");
              faults.expect(testing::Value(environment, Contains("OTHER=")), "empty, but there");
              return faults.first();
            }),
            "");
}

}  // namespace
}  // namespace hupd::os
