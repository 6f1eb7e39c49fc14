#include "wire/speech.hpp"

#include <gtest/gtest.h>

#include "samples.hpp"

namespace hupd::wire {
namespace {

TEST(Speech, OrdersAreNobodysToGiveToTheMaster) {
  const Message orders[] = {Boot{},  Fork{},        Leave{},     TakenUp{},
                            Start{}, Listeners{},   Accept{},    Removed{},
                            Drain{}, EndHandover{}, QueueEnds{}, Stopping{},
                            Quit{},  Bequeath{},    Inherit{},   InheritEnd{}};
  for (const auto& order : orders) {
    EXPECT_FALSE(may_say(Speaker::Zygote, order)) << order.index();
    EXPECT_FALSE(may_say(Speaker::Worker, order)) << order.index();
  }
}

TEST(Speech, EverythingElseIsSaidByOneOfThemAndALastWordByBoth) {
  for (const auto& message : samples()) {
    const bool zygotes = may_say(Speaker::Zygote, message);
    const bool workers = may_say(Speaker::Worker, message);
    EXPECT_EQ(zygotes && workers, std::holds_alternative<Failed>(message)) << message.index();
  }
  EXPECT_FALSE(may_say(Speaker::Worker, Forked{}));
  EXPECT_FALSE(may_say(Speaker::Worker, Copied{}));
  EXPECT_FALSE(may_say(Speaker::Zygote, Ready{}));
}

TEST(Speech, DescriptorsComeWithABirthAndALegacyAlone) {
  for (const auto& message : samples()) {
    const bool has_one =
        std::holds_alternative<Forked>(message) || std::holds_alternative<Left>(message);
    EXPECT_EQ(descriptors_with(message), has_one ? 1U : 0U) << message.index();
  }
}

}  // namespace
}  // namespace hupd::wire
