#include "os/locked_directory.hpp"

#include <future>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include "support/child.hpp"
#include "support/directory.hpp"

namespace hupd::os {
namespace {

namespace fs = std::filesystem;

class LockedDirectoryTest : public testing::Test {
 protected:
  test::Directory directory_;
  std::string place_ = directory_.path();
};

// As at the boot of a machine, when each master takes what the others just make for abandoned.
TEST_F(LockedDirectoryTest, MastersThatStartAndEndAtOnceDoNotTakeEachOthers) {
  const auto starts_and_ends = [this] {
    test::Faults faults;
    for (int i = 0; i < 300; ++i) {
      remove_abandoned(place_);
      const auto made = LockedDirectory::create(place_);
      if (!made) return made.error().text;
      test::write(made->path() + "/copy", "in use");
      ::sched_yield();
      faults.expect(test::content(made->path() + "/copy") == "in use", "what it holds stays");
      faults.expect(made->is_there(), "it is the one that is locked");
    }
    return faults.first();
  };
  std::vector<std::future<std::string>> masters;
  for (int n = 0; n < 4; ++n) {
    masters.push_back(std::async(std::launch::async, test::in_child, starts_and_ends));
  }
  for (auto& one : masters) EXPECT_EQ(one.get(), "");
  remove_abandoned(place_);
  EXPECT_TRUE(fs::is_empty(place_)) << "nothing is left";
}

TEST_F(LockedDirectoryTest, IsRemovedAtTheEndUnlessSomebodyHasReplacedIt) {
  std::string path;
  {
    const auto made = LockedDirectory::create(place_);
    path = made->path();
    fs::remove_all(path);
    EXPECT_FALSE(made->is_there());
    fs::create_directories(path + "/of-somebody-else");
  }
  EXPECT_TRUE(fs::exists(path + "/of-somebody-else"));
}

TEST_F(LockedDirectoryTest, WhatSomebodyBeganToRemoveIsRemovedByTheNext) {
  fs::create_directories(place_ + "/master-1.leaving/generation");
  fs::create_directories(place_ + "/master-1/generation");
  remove_abandoned(place_);
  remove_abandoned(place_);
  EXPECT_TRUE(fs::is_empty(place_));
}

}  // namespace
}  // namespace hupd::os
