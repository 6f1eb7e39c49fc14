#include "master/estate.hpp"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hupd::master {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Generation 1 with two workers serves, unless a story says otherwise; of 2 nobody does yet.
class EstateTest : public testing::Test {
 protected:
  EstateTest() {
    family_.taking = 1;
    family_.slots = {{1, {1, 2}}};
    family_.members = {{11, 1, 1, true}, {12, 1, 2, true}};
  }

  // "legacy>worker", with a star for the heir.
  std::vector<std::string> shared_out() {
    std::vector<std::string> words;
    for (const auto& gift : estate_.share_out(family_)) {
      words.push_back(std::to_string(gift.legacy) + ">" + std::to_string(gift.to) +
                      (gift.heir ? "*" : ""));
    }
    return words;
  }
  // Until nobody gets anything more; who has something takes it.
  std::vector<std::string> all_shared_out() {
    std::vector<std::string> all;
    for (auto some = shared_out(); !some.empty(); some = shared_out()) {
      all.insert(all.end(), some.begin(), some.end());
      for (const auto& member : family_.members) estate_.took(member.id);
    }
    return all;
  }
  // 1 retires, `count` workers of 2 serve.
  void switch_to_two(std::uint32_t count) {
    family_.taking = 2;
    family_.slots = {{2, {}}};
    for (auto& old : family_.members) old.takes = false;
    for (std::uint32_t slot = 1; slot <= count; ++slot) {
      family_.slots[2].push_back(slot);
      family_.members.push_back({20 + slot, 2, slot, true});
    }
  }
  void end(core::WorkerId id) {
    std::erase_if(family_.members, [id](const auto& member) { return member.id == id; });
  }
  LegacyId left(core::WorkerId by, core::GenerationId successors, bool is_copy = false) {
    const auto found = std::find_if(family_.members.begin(), family_.members.end(),
                                    [by](const auto& member) { return member.id == by; });
    return *estate_.left(*found, successors, is_copy);
  }

  Family family_;
  Estate estate_;
};

TEST_F(EstateTest, EachWorkerOfTheNextGenerationGetsAllAndOneOfThemIsTheHeir) {
  switch_to_two(3);
  left(11, 2);
  left(12, 2);
  EXPECT_THAT(shared_out(), ElementsAre("1>21*", "1>22", "1>23"));
  EXPECT_THAT(shared_out(), IsEmpty()) << "one at a time, and nobody has answered";
  estate_.took(22);
  EXPECT_THAT(shared_out(), ElementsAre("2>22*"));
  EXPECT_FALSE(estate_.has_all(22));
  EXPECT_THAT(all_shared_out(), IsEmpty());
  for (const auto& member : family_.members) estate_.took(member.id);
  EXPECT_THAT(all_shared_out(), ElementsAre("2>21", "2>23"));
  EXPECT_TRUE(estate_.has_all(22));
}

TEST_F(EstateTest, WhereTheSlotIsMissingModuloSaysWhoIsTheHeir) {
  family_.members.push_back({15, 1, 5, true});
  switch_to_two(2);
  left(15, 2);
  EXPECT_THAT(all_shared_out(), ElementsAre("1>21*", "1>22"));
}

TEST_F(EstateTest, WhoIsBornLaterGetsItToo) {
  switch_to_two(1);
  left(11, 2);
  EXPECT_THAT(all_shared_out(), ElementsAre("1>21*"));
  family_.slots[2].push_back(2);
  family_.members.push_back({22, 2, 2, true});
  EXPECT_THAT(all_shared_out(), ElementsAre("1>22"));
  EXPECT_THAT(estate_.take_dropped(), IsEmpty());
}

TEST_F(EstateTest, TheNextReloadEndsThat) {
  switch_to_two(1);
  left(11, 2);
  all_shared_out();
  family_.taking = 3;
  family_.slots = {{3, {1}}};
  family_.members = {{31, 3, 1, true}};
  EXPECT_THAT(all_shared_out(), IsEmpty());
  EXPECT_THAT(estate_.take_dropped(), ElementsAre(1));
  EXPECT_TRUE(estate_.is_empty());
}

TEST_F(EstateTest, WhatHasNoHeirYetIsForOneOfThoseThatServeNext) {
  switch_to_two(0);
  left(11, 2);
  EXPECT_THAT(all_shared_out(), IsEmpty());
  family_.taking = 3;
  family_.slots = {{3, {1, 2}}};
  family_.members = {{31, 3, 1, true}, {32, 3, 2, true}};
  EXPECT_THAT(all_shared_out(), ElementsAre("1>31*"));
  shared_out();
  EXPECT_THAT(estate_.take_dropped(), ElementsAre(1));
}

TEST_F(EstateTest, AWorkerThatGoesAloneLeavesToOne) {
  family_.slots[1] = {1};
  family_.members[1].takes = false;
  left(12, 0);
  EXPECT_THAT(all_shared_out(), ElementsAre("1>11*"));
  EXPECT_THAT(estate_.take_dropped(), ElementsAre(1));
}

TEST_F(EstateTest, ItsSuccessorInTheSlotComesFirst) {
  family_.members[1].takes = false;
  left(12, 0);
  EXPECT_THAT(all_shared_out(), IsEmpty()) << "which is to be filled";
  family_.members.push_back({13, 1, 2, true});
  EXPECT_THAT(all_shared_out(), ElementsAre("1>13*"));
}

TEST_F(EstateTest, NobodyIsItsOwnHeir) {
  left(12, 0);
  EXPECT_THAT(all_shared_out(), IsEmpty());
}

TEST_F(EstateTest, AnHeirThatEndsBeforeItHasTakenItIsFollowedByAnother) {
  switch_to_two(1);
  left(11, 2);
  EXPECT_THAT(shared_out(), ElementsAre("1>21*"));
  end(21);
  family_.members.push_back({25, 2, 1, true});
  EXPECT_THAT(all_shared_out(), ElementsAre("1>25*"));
  end(25);
  family_.members.push_back({26, 2, 1, true});
  EXPECT_THAT(all_shared_out(), ElementsAre("1>26")) << "it counts once";
}

TEST_F(EstateTest, ACopyIsForWhoBootsAndWorthNothingWhenThatIsRejected) {
  family_.slots[2] = {1};
  family_.members.push_back({21, 2, 1, true});
  left(11, 2, true);
  left(12, 2, true);
  EXPECT_THAT(shared_out(), ElementsAre("1>21*"));
  family_.slots.erase(2);
  EXPECT_THAT(all_shared_out(), IsEmpty());
  EXPECT_THAT(estate_.take_dropped(), ElementsAre(1, 2));
  EXPECT_EQ(estate_.died_of_it({21, 2, 1, true}), std::nullopt) << "nothing is held of it";
}

TEST_F(EstateTest, WhoDiesOfItTakesItAlong) {
  switch_to_two(2);
  left(11, 2);
  left(12, 2);
  shared_out();
  EXPECT_EQ(estate_.died_of_it(family_.members.back()), 1U);
  end(22);
  family_.members.push_back({25, 2, 2, true});
  EXPECT_THAT(shared_out(), ElementsAre("2>25*"));
  EXPECT_EQ(estate_.died_of_it(family_.members.back()), 2U);
  left(12, 2);
  estate_.took(21);
  end(25);
  family_.members.push_back({26, 2, 2, true});
  EXPECT_THAT(all_shared_out(), IsEmpty()) << "nor does that generation get anything more";
  EXPECT_TRUE(estate_.has_all(26));
}

TEST_F(EstateTest, WhatCouldNotBeSentIsGivenAgain) {
  switch_to_two(2);
  left(11, 2);
  shared_out();
  estate_.returned(21);
  estate_.returned(22);
  EXPECT_THAT(all_shared_out(), ElementsAre("1>21*", "1>22"));
}

TEST_F(EstateTest, HoldsNoMoreThanItMay) {
  for (std::size_t i = 0; i < Estate::most_held; ++i) left(12, 0);
  EXPECT_EQ(estate_.left(family_.members[1], 0, false), std::nullopt);
  estate_.clear();
  EXPECT_EQ(estate_.take_dropped().size(), Estate::most_held);
}

}  // namespace
}  // namespace hupd::master
