// The descriptors that are kept.
#include "keeper/holdings.hpp"

#include <gtest/gtest.h>

#include "os/channel.hpp"
#include "os/listen.hpp"
#include "os/locked_directory.hpp"
#include "os/memory.hpp"
#include "support/directory.hpp"

namespace hupd::keeper {
namespace {

using Names = std::vector<std::string>;

os::Fd file() { return std::move(*os::memory_file("test", 1)); }

TEST(Holdings, KeepWhatIsPutUntilItIsRemoved) {
  Holdings held;
  for (const auto* name : {"state-0", "pidfd-3", "channel-3"}) held.put(name, file());
  const int before = held.find("pidfd-3");
  held.put("pidfd-3", file());
  EXPECT_NE(held.find("pidfd-3"), before);
  EXPECT_EQ(held.count_workers(), 1U);
  EXPECT_EQ(held.names_of_state(), Names{"state-0"});
  held.remove("channel-3");
  held.remove("never-there");
  EXPECT_EQ(held.names(), (Names{"pidfd-3", "state-0"}));
  EXPECT_EQ(held.find("channel-3"), -1);
}

TEST(Holdings, LoseOnlyWhatIsNotRenewed) {
  Holdings held;
  for (const auto* name : {"a", "b", "c"}) held.put(name, file());
  held.settled();
  EXPECT_EQ(held.names().size(), 3U) << "nobody has begun to renew them";
  held.renew();
  held.put("b", file());
  held.put("d", file());
  EXPECT_EQ(held.names().size(), 4U) << "until all is there";
  held.settled();
  EXPECT_EQ(held.names(), (Names{"b", "d"}));
}

TEST(Holdings, LeaveNoFileWhenNobodyComes) {
  const test::Directory place;
  auto made = os::LockedDirectory::create(place.path());
  ASSERT_TRUE(made);
  const auto directory = made->path();
  const auto ours = place / "ours.sock";
  const auto anothers = place / "anothers.sock";
  Holdings held;
  held.put("runtime-dir-0", std::move(*os::duplicate(made->lock())));
  held.put("listener-1", std::move(*os::listen_unix("ours", {ours, 0600, "", ""}, 1)));
  held.put("listener-2", std::move(*os::listen_unix("anothers", {anothers, 0600, "", ""}, 1)));
  std::filesystem::remove(anothers);
  test::write(anothers, "by somebody who came later");
  held.close_and_tidy(directory);
  EXPECT_FALSE(std::filesystem::exists(ours));
  EXPECT_FALSE(std::filesystem::exists(directory));
  EXPECT_TRUE(std::filesystem::exists(anothers));
}

TEST(Holdings, LeaveADirectoryThatIsAnothersNow) {
  const test::Directory place;
  auto made = os::LockedDirectory::create(place.path());
  ASSERT_TRUE(made);
  Holdings held;
  held.put("runtime-dir-0", std::move(*os::duplicate(made->lock())));
  EXPECT_FALSE(held.can_be_gone_on_with(made->path())) << "there is no state";
  held.put("state-1", file());
  EXPECT_TRUE(held.can_be_gone_on_with(made->path()));
  std::filesystem::remove(made->path());
  EXPECT_FALSE(held.can_be_gone_on_with(made->path())) << "nobody would find it";
  std::filesystem::create_directory(made->path());
  held.close_and_tidy(made->path());
  EXPECT_TRUE(std::filesystem::exists(made->path()));
}

}  // namespace
}  // namespace hupd::keeper
