// What a worker says of its legacy is only a claim: it runs foreign code.
#include "master/legacies.hpp"

#include <gtest/gtest.h>

#include "log/logger.hpp"
#include "os/memory.hpp"
#include "os/pipe.hpp"
#include "support/directory.hpp"

namespace hupd::master {
namespace {

class LegaciesTest : public testing::Test {
 protected:
  LegaciesTest() {
    uv_loop_init(&loop_);
    static_cast<void>(log::process().configure({.file = directory_ / "log"}));
    auto channel = os::channel_pair();
    auto output = os::output_pipe();
    generation_.id = 5;
    process_.id = 1;
    process_.child = std::make_unique<Child>(
        &loop_, vault_, ChildName{"web", 5, 3, 0}, wire::Link(std::move(channel->first)),
        std::move(output->reader), [](wire::Letter&) {}, [] {});
  }
  ~LegaciesTest() override {
    process_.child.reset();
    uv_run(&loop_, UV_RUN_NOWAIT);
    EXPECT_EQ(uv_loop_close(&loop_), 0);
    static_cast<void>(log::process().configure({}));
  }
  void leave(bool is_copy, int descriptors = 1) {
    wire::Letter letter{wire::Left{is_copy, true, 1}, {}};
    for (int i = 0; i < descriptors; ++i) {
      letter.fds.push_back(std::move(*os::sealed_memory_with("test", "content")));
    }
    legacies_.left(generation_, process_, letter);
  }

  uv_loop_t loop_;
  test::Directory directory_;
  Vault vault_;
  Generation generation_;
  WorkerProcess process_;
  Legacies legacies_{vault_};
};

TEST_F(LegaciesTest, HoldsNothingThatItHasNotAskedFor) {
  leave(true);
  leave(false);
  EXPECT_EQ(legacies_.held(), 0U);
  process_.copies_for = 6;
  leave(true);
  leave(true);
  EXPECT_EQ(legacies_.held(), 1U);
  process_.legacies_due = 2;
  for (int i = 0; i < 5; ++i) leave(false);
  EXPECT_EQ(legacies_.held(), 3U);
  legacies_.clear();
  EXPECT_EQ(legacies_.held(), 0U);
}

TEST_F(LegaciesTest, ALegacyIsOneDescriptor) {
  process_.legacies_due = 2;
  leave(false, 0);
  leave(false, 2);
  EXPECT_EQ(legacies_.held(), 0U);
}

// Held for others it outlives its maker.
TEST_F(LegaciesTest, IsSealedMemoryAndNothingElse) {
  process_.legacies_due = 2;
  wire::Letter letter{wire::Left{false, true, 1}, {}};
  letter.fds.push_back(std::move(os::channel_pair()->first));
  legacies_.left(generation_, process_, letter);
  letter.fds[0] = std::move(*os::memory_file_with("test", "not sealed"));
  legacies_.left(generation_, process_, letter);
  EXPECT_EQ(legacies_.held(), 0U);
}

TEST_F(LegaciesTest, IsNoLargerThanAWorkerMayLeave) {
  generation_.app.handover.max_state = 6;
  process_.legacies_due = 1;
  leave(false);
  EXPECT_EQ(legacies_.held(), 0U);
  generation_.app.handover.max_state = 7;
  process_.legacies_due = 1;
  leave(false);
  EXPECT_EQ(legacies_.held(), 1U);
}

TEST_F(LegaciesTest, ThatNobodyAskedForAreToldOfOnce) {
  for (int i = 0; i < 1000; ++i) leave(true);
  const auto log = test::content(directory_ / "log");
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
}

TEST_F(LegaciesTest, AnAnswerOfSomebodyWhoHasNothingChangesNothing) {
  legacies_.took(1);
  legacies_.took(99);
  legacies_.ended(generation_, process_, true);
  EXPECT_EQ(legacies_.held(), 0U);
  EXPECT_EQ(legacies_.next_deadline(), std::nullopt);
}

}  // namespace
}  // namespace hupd::master
