// What a master's keeper is told, by a test in the keeper's place.
#include "master/keeper_process.hpp"

#include <gtest/gtest.h>

#include "os/memory.hpp"
#include "support/directory.hpp"

namespace hupd::master {
namespace {

using keeper::Word;

class KeeperProcessTest : public testing::Test {
 protected:
  KeeperProcessTest() { uv_loop_init(&loop_); }
  ~KeeperProcessTest() override {
    uv_run(&loop_, UV_RUN_NOWAIT);
    EXPECT_EQ(uv_loop_close(&loop_), 0);
  }

  std::unique_ptr<KeeperProcess> after_another(const std::vector<std::string>& stored) {
    auto ends = os::channel_pair();
    keeper_ = keeper::Line(std::move(ends->second));
    return std::make_unique<KeeperProcess>(
        &loop_, vault_, KeeperProcess::About{"web", directory_.path(), std::chrono::seconds(60)},
        keeper::Line(std::move(ends->first)), stored);
  }

  void read() {
    for (;;) {
      uv_run(&loop_, UV_RUN_NOWAIT);
      auto delivery = keeper_.receive();
      const auto* letter = std::get_if<keeper::Letter>(&delivery);
      if (letter == nullptr) return;
      ++messages_;
      const auto& [word, fields] = letter->message;
      last_ = word;
      if (word == Word::Lead) about_ = fields;
      if (word == Word::Put) kept_.insert(fields[0]);
      if (word == Word::Remove) kept_.erase(fields[0]);
    }
  }

  uv_loop_t loop_;
  Vault vault_;
  test::Directory directory_;
  os::Fd file_ = std::move(*os::memory_file("test", 1));
  keeper::Line keeper_;
  std::set<std::string> kept_;
  std::vector<std::string> about_;
  std::optional<Word> last_;
  int messages_ = 0;
};

TEST_F(KeeperProcessTest, TellsWhoLeadsAndWhenAllWasRenewedAndWhenItEnds) {
  auto told = after_another({"state-0"});
  told->put("state-0", file_.get());
  told->has_all();
  read();
  ASSERT_EQ(about_.size(), 4U);
  EXPECT_EQ(about_[0], "web");
  EXPECT_EQ(about_[2], "60000");
  EXPECT_EQ(last_, Word::Settled);
  told->waits_for(std::chrono::seconds(1));
  read();
  EXPECT_EQ(about_[2], "1000");
  told->remove("state-0");
  told.reset();
  read();
  EXPECT_TRUE(kept_.empty());
  EXPECT_EQ(last_, Word::End);
}

TEST_F(KeeperProcessTest, SendsAllInOrderToAKeeperThatIsSlow) {
  auto told = after_another({});
  for (int i = 0; i < 2'000; ++i) told->put("channel-" + std::to_string(i), file_.get());
  for (int i = 0; i < 2'000; i += 2) told->remove("channel-" + std::to_string(i));
  EXPECT_GT(told->told().missing, 0U) << "nobody has read";
  read();
  EXPECT_EQ(told->told(), (control::Keeping{control::Keeper::Process, 0}));
  EXPECT_EQ(kept_.size(), 1'000U);
  EXPECT_TRUE(kept_.contains("channel-1999") && !kept_.contains("channel-1998"));
  told.reset();
}

TEST_F(KeeperProcessTest, WhatCameAndWentWhileNobodyReadIsNotSent) {
  auto told = after_another({});
  for (int i = 0; i < 20'000; ++i) {
    const auto name = "channel-" + std::to_string(i);
    told->put(name, file_.get());
    told->remove(name);
  }
  read();
  EXPECT_TRUE(kept_.empty());
  EXPECT_LT(messages_, 5'000) << "what a channel holds";
  told.reset();
}

TEST_F(KeeperProcessTest, WhatGoesAndComesAgainStays) {
  auto told = after_another({"control-0"});
  kept_ = {"control-0"};
  told->remove("control-0");
  told->put("control-0", file_.get());
  for (int i = 0; i < 2'000; ++i) told->put("channel-" + std::to_string(i), file_.get());
  for (int i = 0; i < 3; ++i) {
    told->remove("control-0");
    told->put("control-0", file_.get());
  }
  read();
  EXPECT_TRUE(kept_.contains("control-0"));
  told->remove("control-0");
  read();
  EXPECT_FALSE(kept_.contains("control-0"));
  told.reset();
}

TEST_F(KeeperProcessTest, IsInTheVaultForAnotherProgramThatGoesOn) {
  auto told = after_another({});
  ASSERT_EQ(vault_.numbered().size(), 1U);
  EXPECT_EQ(vault_.numbered()[0].name, "keeper-0");
  told.reset();
  EXPECT_TRUE(vault_.numbered().empty());
}

}  // namespace
}  // namespace hupd::master
