// The simulator can fail: whichever rule of the core is broken, it finds a history that shows it.
#include <iostream>

#include <gtest/gtest.h>

#include "connections.hpp"
#include "history.hpp"
#include "mutants.hpp"

namespace hupd::sim {
namespace {

class mutants : public testing::TestWithParam<int> {
 protected:
  void TearDown() override { active_mutant = Mutant::None; }
};

TEST_P(mutants, are_found_out) {
  active_mutant = static_cast<Mutant>(GetParam());
  const Search found = search(1, 20'000);
  ASSERT_FALSE(found.broken.empty()) << "no promise was broken in " << found.tried << " histories";
  std::cout << "  after " << found.tried << ": " << found.broken.front() << "\n";
}

INSTANTIATE_TEST_SUITE_P(all, mutants, testing::Range(1, static_cast<int>(Mutant::Count)));

class queue_faults : public testing::TestWithParam<int> {
 protected:
  void TearDown() override { active_queue_fault = QueueFault::None; }
};

TEST_P(queue_faults, are_found_out) {
  active_queue_fault = static_cast<QueueFault>(GetParam());
  const Search found = search(1, 20'000);
  ASSERT_FALSE(found.broken.empty()) << "no promise was broken in " << found.tried << " histories";
  std::cout << "  after " << found.tried << ": " << found.broken.front() << "\n";
}

INSTANTIATE_TEST_SUITE_P(all, queue_faults, testing::Range(1, static_cast<int>(QueueFault::Count)));

TEST(the_core_without_a_mutant, keeps_every_promise_in_the_same_build) {
  active_mutant = Mutant::None;
  EXPECT_TRUE(search(1, 2'000).broken.empty());
}

}  // namespace
}  // namespace hupd::sim
