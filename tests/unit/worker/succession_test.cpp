#include "worker/succession.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "os/memory.hpp"
#include "stage.hpp"

namespace hupd::worker {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::size_t most = 100;
const wire::Inherit from{4, 2, 7, true};

class SuccessionTest : public testing::Test {
 protected:
  // "copy 7: kk", "7: kk" or "nothing".
  void tell(const wire::Message& message, const std::vector<int>& fds) {
    const auto& left = std::get<wire::Left>(message);
    std::string words = left.is_copy ? "copy " : "";
    EXPECT_EQ(left.is_some, fds.size() == 1);
    if (fds.empty()) {
      words += "nothing";
    } else {
      words += std::to_string(left.version) + ": " + *os::read_whole(fds[0]);
      EXPECT_TRUE(os::Mapping::map_sealed(fds[0], most));
    }
    told_.push_back(words);
  }
  static std::vector<os::Fd> sealed(const std::string& content) {
    std::vector<os::Fd> fds;
    fds.push_back(std::move(*os::sealed_memory_with("test", content)));
    return fds;
  }

  listener_sample& sample_ = new_sample();
  config::App settings_;
  Application application_ = created(SAMPLE_LISTENER, settings_);
  hupd_worker handle_;
  std::atomic<std::uint32_t> inheriting_{0};
  std::vector<std::string> told_;
  Succession succession_{application_, handle_, inheriting_, most,
                         [this](const auto& message, const auto& fds) { tell(message, fds); }};
};

TEST_F(SuccessionTest, LeavesOnceUnlessThereIsMore) {
  sample_.leave_size = 2;
  succession_.retiring(5);
  succession_.retired();
  EXPECT_THAT(told_, ElementsAre("7: kk"));
}

TEST_F(SuccessionTest, LeavesTheRestAtTheEnd) {
  sample_.leave_size = 1;
  sample_.leave_result[HUPD_RETIRING] = HUPD_LEFT_MORE;
  succession_.retiring(5);
  succession_.retired();
  EXPECT_THAT(told_, ElementsAre("7: k", "7: k"));
}

TEST_F(SuccessionTest, LeavesNothingWhereNobodyFollows) {
  sample_.leave_size = 1;
  sample_.leave_result[HUPD_RETIRING] = HUPD_LEFT_MORE;
  succession_.retiring(0);
  succession_.retired();
  EXPECT_THAT(told_, IsEmpty());
  succession_.retiring(5);
  succession_.nobody_follows();
  succession_.retired();
  EXPECT_EQ(sample_.leaves[HUPD_RETIRED], 0);
}

TEST_F(SuccessionTest, ACopyIsAllForThatGenerationUnlessThereIsMore) {
  sample_.leave_size = 1;
  succession_.bequeath(5);
  succession_.retiring(5);
  EXPECT_THAT(told_, ElementsAre("copy 7: k"));
  succession_.retiring(6);  // 5 was rejected
  EXPECT_THAT(told_, ElementsAre("copy 7: k", "7: k"));
  sample_.leave_result[HUPD_SERVING] = HUPD_LEFT_MORE;
  succession_.bequeath(7);
  succession_.retiring(7);
  EXPECT_EQ(told_.size(), 4U);
}

TEST_F(SuccessionTest, WhoIsAskedForACopyAlwaysAnswers) {
  succession_.bequeath(5);
  sample_.leave_size = most + 1;
  succession_.bequeath(6);
  sample_.leave_size = 1;
  sample_.leave_result[HUPD_SERVING] = 3;
  succession_.bequeath(7);
  EXPECT_THAT(told_, ElementsAre("copy nothing", "copy nothing", "copy nothing"));
}

TEST_F(SuccessionTest, TakesWhatWasLeft) {
  ASSERT_TRUE(succession_.take(from, sealed("content")));
  EXPECT_EQ(sample_.inheritance.from_generation, 4U);
  EXPECT_EQ(sample_.inheritance.from_worker, 2U);
  EXPECT_EQ(sample_.inheritance.state.version, 7U);
  EXPECT_EQ(sample_.inheritance.state.bytes.size, 7U);
  EXPECT_EQ(sample_.first_byte, 'c');
  EXPECT_EQ(sample_.heirs, 1);
  EXPECT_EQ(inheriting_, 0U);
  EXPECT_TRUE(succession_.take(from, sealed(""))) << "also what is empty";
  EXPECT_EQ(sample_.takes, 2);
}

TEST_F(SuccessionTest, ARefusalHasTheReasonAndItsOrigin) {
  sample_.take_result = 3;
  const auto taken = succession_.take(from, sealed("content"));
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().text,
            "take_state failed with 3: no room (what worker 2 of generation 4 left, version 7)");
  EXPECT_EQ(inheriting_, 1U) << "who ends now, ends of it";
}

TEST_F(SuccessionTest, TheApplicationIsSparedWhatIsTooLargeOrNoLegacy) {
  EXPECT_TRUE(succession_.take(from, sealed(std::string(most + 1, 'x'))));
  EXPECT_TRUE(succession_.take(from, {}));
  std::vector<os::Fd> unsealed;
  unsealed.push_back(std::move(*os::memory_file_with("test", "content")));
  EXPECT_TRUE(succession_.take(from, unsealed));
  auto pair = os::channel_pair();
  std::vector<os::Fd> socket;
  socket.push_back(std::move(pair->first));
  EXPECT_TRUE(succession_.take(from, socket));
  EXPECT_EQ(sample_.takes, 0);
}

}  // namespace
}  // namespace hupd::worker
