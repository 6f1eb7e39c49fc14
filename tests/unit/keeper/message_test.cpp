// What masters and keepers say to each other, which versions of hupd have to agree on.
#include "keeper/message.hpp"

#include <gtest/gtest.h>

namespace hupd::keeper {
namespace {

TEST(KeeperMessage, IsReadAsItWasWritten) {
  for (int word = 0; word <= static_cast<int>(Word::All); ++word) {
    const Message written{static_cast<Word>(word), {"", "a:b\n", std::string(3, '\0'), "12"}};
    const auto read = decode(encode(written));
    ASSERT_TRUE(read) << word;
    EXPECT_EQ(read->word, written.word);
    EXPECT_EQ(read->fields, written.fields);
    EXPECT_EQ(number_in(*read, 3), 12U);
    EXPECT_EQ(number_in(*read, 1), 0U);
    EXPECT_EQ(number_in(*read, 4), 0U);
  }
}

TEST(KeeperMessage, StaysAsItIsInThisVersion) {
  EXPECT_EQ(encode({Word::Put, {"state-0"}}), "hupd-keeper 1 put\n7:state-0");
  EXPECT_EQ(encode({Word::Ask, {"a b"}}), "hupd-keeper 1 ask\n3:a b");
  EXPECT_EQ(encode({Word::End}), "hupd-keeper 1 end\n");
}

TEST(KeeperMessage, OfAnotherVersionIsToldApart) {
  const auto read = decode("hupd-keeper 2 whatever");
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().find("version 2"), std::string::npos) << read.error();
}

TEST(KeeperMessage, IsNeverReadFromGarbage) {
  const auto good = encode({Word::Yours, {"812", "/etc/hupd/web.toml", "4", "state-0"}});
  for (std::size_t size = 0; size < good.size(); ++size) {
    const auto read = decode(std::string_view(good).substr(0, size));
    EXPECT_LT(read ? read->fields.size() : 0U, 4U) << size;
  }
  for (const auto* bytes : {"", "x", "hupd-keeper ", "hupd-keeper x put\n", "hupd-keeper 1 put",
                            "hupd-keeper 1 sing\n", "hupd-keeper 1 put\n9:short",
                            "hupd-keeper 1 put\n-1:x", "hupd-keeper 1 put\n18446744073709551616:x",
                            "hupd-keeper 1 put\n18446744073709551615:x", "hupd-keeper 1 put\n:"}) {
    EXPECT_FALSE(decode(bytes)) << bytes;
  }
}

}  // namespace
}  // namespace hupd::keeper
