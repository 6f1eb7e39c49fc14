// What is kept of a master's image, and when.
#include "master/checkpoint.hpp"

#include <functional>
#include <map>

#include <gtest/gtest.h>

namespace hupd::master {
namespace {

using Kept = std::map<std::string, os::Fd>;

// A master that would find what is kept at this moment.
std::optional<std::string> found(const Kept& kept, Descriptors& left) {
  for (const auto& [name, fd] : kept) left.add(name, std::move(*os::duplicate(fd.get())));
  return Checkpoint::newest(left);
}

class Store : public Keeper {
 public:
  Store(Kept& kept, std::function<void()> look) : kept_(kept), look_(std::move(look)) {}
  void put(const std::string& name, int fd) override {
    kept_[name] = std::move(*os::duplicate(fd));
    look_();
  }
  void remove(const std::string& name) override { kept_.erase(name); }
  control::Keeping told() const override { return {}; }

 private:
  Kept& kept_;
  std::function<void()> look_;
};

struct Checkpoints : testing::Test {
  void look() {
    Descriptors left;
    seen.push_back(found(kept, left).value_or("nothing"));
  }
  std::unique_ptr<Keeper> store() {
    return std::make_unique<Store>(kept, [this] { look(); });
  }

  Kept kept;
  std::vector<std::string> seen;  // at each put
};

TEST_F(Checkpoints, AreKeptFromTheirFirstTextOn) {
  Vault vault;
  vault.set_keeper(store());
  auto checkpoint = Checkpoint::open(vault, nullptr);
  ASSERT_TRUE(checkpoint);
  EXPECT_TRUE(kept.empty());
  for (const auto* text : {"one", "two", "three"}) ASSERT_TRUE(checkpoint->write(text));
  EXPECT_EQ(seen, (std::vector<std::string>{"one", "two"}));
  look();
  EXPECT_EQ(seen.back(), "three");
}

TEST_F(Checkpoints, ThereIsAlwaysOneForWhoeverComesNext) {
  Vault first;
  first.set_keeper(store());
  auto had = Checkpoint::open(first, nullptr);
  ASSERT_TRUE(had);
  for (const auto* text : {"one", "two", "three"}) ASSERT_TRUE(had->write(text));
  Descriptors left;
  ASSERT_EQ(found(kept, left), "three");

  Vault second;
  second.set_keeper(store());
  seen.clear();
  auto next = Checkpoint::open(second, &left);
  ASSERT_TRUE(next);
  EXPECT_EQ(seen, (std::vector<std::string>{"three", "three"}));
  ASSERT_TRUE(next->write("four"));
  look();
  EXPECT_EQ(seen.back(), "four");
  first.set_keeper(nullptr);  // it has died
}

TEST_F(Checkpoints, AnOrderlyEndLeavesNone) {
  Vault vault;
  vault.set_keeper(store());
  Descriptors slow;
  {
    auto checkpoint = Checkpoint::open(vault, nullptr);
    ASSERT_TRUE(checkpoint && checkpoint->write("one") && checkpoint->write("two"));
    EXPECT_EQ(kept.size(), 2u);
    EXPECT_EQ(found(kept, slow), "two");
  }
  EXPECT_TRUE(kept.empty());
  EXPECT_FALSE(Checkpoint::newest(slow)) << "nor has who is slow to give it up";
}

}  // namespace
}  // namespace hupd::master
