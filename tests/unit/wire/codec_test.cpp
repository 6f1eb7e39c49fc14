#include "wire/codec.hpp"

#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "samples.hpp"

namespace hupd::wire {
namespace {

using testing::ElementsAre;

template <typename M>
M through_bytes(const M& message) {
  const auto decoded = decode(encode(message));
  if (!decoded || !std::holds_alternative<M>(*decoded)) {
    ADD_FAILURE() << "not the message that was encoded";
    return {};
  }
  return std::get<M>(*decoded);
}

TEST(Codec, HasASampleOfEveryMessage) {
  const auto all = samples();
  ASSERT_EQ(all.size(), std::variant_size_v<Message>);
  for (std::size_t kind = 0; kind < all.size(); ++kind) EXPECT_EQ(all[kind].index(), kind);
}

TEST(Codec, BringsEveryMessageBack) {
  for (const auto& message : samples()) {
    const auto decoded = decode(encode(message));
    ASSERT_TRUE(decoded) << "kind " << message.index();
    EXPECT_EQ(decoded->index(), message.index());
    EXPECT_EQ(encode(*decoded), encode(message)) << "kind " << message.index();
  }
}

TEST(Codec, KeepsEachFieldInItsPlace) {
  const auto boot = through_bytes(Boot{7, "directory", "copy"});
  EXPECT_EQ(boot.generation, 7U);
  EXPECT_EQ(boot.directory, "directory");
  EXPECT_EQ(boot.copy, "copy");
  const auto start = through_bytes(Start{10, 11, 12, 13});
  EXPECT_EQ(start.generation, 10U);
  EXPECT_EQ(start.slot, 11U);
  EXPECT_EQ(start.page, 12U);
  EXPECT_EQ(start.listeners, 13U);
  const auto listeners = through_bytes(Listeners{{"one", "", "three"}});
  EXPECT_THAT(listeners.addresses, ElementsAre("one", "", "three"));
  const auto forked = through_bytes(Forked{8, -1});
  EXPECT_EQ(forked.worker, 8U);
  EXPECT_EQ(forked.pid, -1);
  EXPECT_EQ(through_bytes(Drain{true, false, 14}).successors, 14U);
  EXPECT_EQ(through_bytes(Bequeath{15}).successors, 15U);
  const auto inherit = through_bytes(Inherit{16, 17, 18, true});
  EXPECT_EQ(inherit.from_generation, 16U);
  EXPECT_EQ(inherit.from_slot, 17U);
  EXPECT_EQ(inherit.version, 18U);
  EXPECT_TRUE(inherit.heir);
  const auto left = through_bytes(Left{true, false, 19});
  EXPECT_TRUE(left.is_copy);
  EXPECT_FALSE(left.is_some);
  EXPECT_EQ(left.version, 19U);
  EXPECT_TRUE(through_bytes(Failed{"reason", true}).unfit);
  EXPECT_FALSE(through_bytes(Failed{"reason", false}).unfit);
}

TEST(Codec, CutsATextThatWouldNotFitAPacket) {
  const std::string longest(max_text_bytes, 'x');
  EXPECT_EQ(through_bytes(Failed{longest}).reason, longest);
  EXPECT_EQ(through_bytes(Failed{longest + "y"}).reason, longest);
  EXPECT_EQ(through_bytes(Copied{longest + "y", "hash"}).hash, "hash");
}

TEST(Codec, BringsTheLongestListBackAndRefusesALongerOne) {
  const std::vector<std::string> longest(max_list_size, "unix:/run/web.sock");
  EXPECT_EQ(through_bytes(Removed{longest}).addresses, longest);
  auto longer = longest;
  longer.emplace_back("one more");
  EXPECT_FALSE(decode(encode(Removed{longer})));
}

TEST(Codec, ALongerListTravelsInPiecesThatLoseNothing) {
  for (const std::size_t size : {0UL, 1UL, max_list_size, max_list_size + 1, 3 * max_list_size}) {
    std::vector<std::size_t> list(size), put_together;
    std::iota(list.begin(), list.end(), 0);
    for (const auto& piece : in_pieces(list)) {
      EXPECT_LE(piece.size(), max_list_size);
      put_together.insert(put_together.end(), piece.begin(), piece.end());
    }
    EXPECT_EQ(put_together, list);
  }
}

TEST(Codec, RefusesAKindThatDoesNotExist) {
  EXPECT_FALSE(decode(std::string(1, static_cast<char>(std::variant_size_v<Message>))));
  EXPECT_FALSE(decode("\xff"));
  EXPECT_FALSE(decode(""));
}

}  // namespace
}  // namespace hupd::wire
