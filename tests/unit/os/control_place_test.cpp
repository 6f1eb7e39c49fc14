#include "os/control_place.hpp"

#include <cstdlib>

#include <gtest/gtest.h>
#include <unistd.h>

namespace hupd::os {
namespace {

TEST(ControlPlace, IsWhatSystemdMadeForTheUnit) {
  ::setenv("RUNTIME_DIRECTORY", "/run/hupd/web:/run/other", 1);
  EXPECT_EQ(usual_control_path(), "/run/hupd/web/control.sock");
  ::unsetenv("RUNTIME_DIRECTORY");
}

TEST(ControlPlace, IsRootsOrTheUsersOwn) {
  ::unsetenv("RUNTIME_DIRECTORY");
  ::setenv("XDG_RUNTIME_DIR", "/run/user/7", 1);
  EXPECT_EQ(usual_control_path(),
            ::geteuid() == 0 ? "/run/hupd/control.sock" : "/run/user/7/hupd/control.sock");
  ::unsetenv("XDG_RUNTIME_DIR");
  EXPECT_EQ(usual_control_path().empty(), ::geteuid() != 0);
}

}  // namespace
}  // namespace hupd::os
