#include "os/control_place.hpp"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "support/directory.hpp"

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

TEST(ControlPlace, IsAnybodysWhereEverybodyCanWrite) {
  test::Directory directory;
  namespace fs = std::filesystem;
  const std::string path = directory / "control.sock";
  EXPECT_FALSE(is_anybodys_place(path));
  fs::permissions(fs::path(path).parent_path(), fs::perms::all | fs::perms::sticky_bit);
  EXPECT_TRUE(is_anybodys_place(path));
  EXPECT_FALSE(is_anybodys_place("/none/at/all"));
}

}  // namespace
}  // namespace hupd::os
