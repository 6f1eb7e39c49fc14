#include "os/service_processes.hpp"

#include <gtest/gtest.h>

namespace hupd::os {
namespace {

TEST(ServiceProcesses, AreThoseOfTheServicesControlGroup) {
  EXPECT_EQ(service_in("0::/system.slice/system-hupd.slice/hupd@web.service\n"),
            "/system.slice/system-hupd.slice/hupd@web.service");
  EXPECT_EQ(service_in("12:memory:/\n1:name=systemd:/system.slice/hupd@web.service\n0::/\n"),
            "/system.slice/hupd@web.service");
  EXPECT_EQ(service_in("0::/system.slice/hupd@web.service/below\n"),
            "/system.slice/hupd@web.service")
      << "an application may make groups of its own";
  EXPECT_EQ(service_in("0::/user.slice/user-1000.slice/user@1000.service/app.slice/web.service\n"),
            "/user.slice/user-1000.slice/user@1000.service/app.slice/web.service")
      << "a user's manager is a service itself";
}

TEST(ServiceProcesses, AreNoneWhereThereIsNoService) {
  EXPECT_EQ(service_in(""), "");
  EXPECT_EQ(service_in("nonsense\n0:\n"), "");
  EXPECT_EQ(service_in("0::/\n"), "");
  EXPECT_EQ(service_in("0::/user.slice/user-1000.slice/session-2.scope\n"), "");
  EXPECT_EQ(service_in("0::/user.slice/user@1000.service/app.slice/terminal-7.scope\n"), "")
      << "a shell of a user's, and all of theirs would be in that service";
  EXPECT_EQ(service_in("4:memory:/system.slice/hupd@web.service\n0::/\n"), "") << "not systemd's";
  EXPECT_EQ(service_in("0::/system.slice/hupd.services\n"), "");
}

}  // namespace
}  // namespace hupd::os
