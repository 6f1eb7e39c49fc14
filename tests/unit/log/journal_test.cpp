#include "os/journal.hpp"

#include <cstdio>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace hupd::os {
namespace {

TEST(Journal, IsRecognisedByDeviceAndInode) {
  std::FILE* file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  struct stat status = {};
  ASSERT_EQ(fstat(fileno(file), &status), 0);
  const std::string stream = std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
  EXPECT_TRUE(is_journal(fileno(file), stream));
  EXPECT_FALSE(is_journal(fileno(file), stream + "1"));
  EXPECT_FALSE(is_journal(fileno(file), ""));
  std::fclose(file);
}

TEST(Journal, IsNotAClosedDescriptor) { EXPECT_FALSE(is_journal(-1, "1:2")); }

}  // namespace
}  // namespace hupd::os
