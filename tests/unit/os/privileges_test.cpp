#include "os/privileges.hpp"

#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "support/child.hpp"
#include "support/result.hpp"

namespace hupd::os {
namespace {

using test::fault_of;
using testing::ElementsAre;

class AsRoot : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can become somebody else";
  }
};

TEST(Identity, IsUnchangedWithoutNames) {
  const auto identity = find_identity("", "", {});
  ASSERT_TRUE(identity);
  EXPECT_FALSE(identity->uid || identity->gid || identity->groups);
}

TEST(Identity, TakesNamesAndNumbers) {
  const auto by_name = find_identity("root", "", {});
  const auto by_number = find_identity("0", "0", {"0"});
  ASSERT_TRUE(by_name && by_number);
  EXPECT_EQ(by_name->uid, 0U);
  EXPECT_EQ(by_name->gid, 0U) << "the user's own group";
  EXPECT_EQ(by_number->uid, 0U);
  EXPECT_THAT(by_number->groups.value_or(std::vector<std::uint32_t>()), ElementsAre(0));
}

TEST(Identity, ANumberWithoutAUserHasNoOtherGroups) {
  const auto identity = find_identity("54321", "", {});
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->uid, 54321U);
  EXPECT_TRUE(identity->groups && identity->groups->empty());
}

TEST(Accounts, AreThereByNameOrByAnyNumber) {
  for (const char* one : {"root", "0", "54321"}) {
    EXPECT_TRUE(is_user(one)) << one;
    EXPECT_TRUE(is_group(one)) << one;
  }
  EXPECT_FALSE(is_user("no-such"));
  EXPECT_FALSE(is_group("no-such"));
}

TEST(Identity, SaysWhomItDoesNotFind) {
  EXPECT_EQ(fault_of(find_identity("no-such", "", {})), "user no-such: there is no such user");
  EXPECT_EQ(fault_of(find_identity("", "no-such", {})), "group no-such: there is no such group");
  EXPECT_EQ(fault_of(find_identity("", "", {"0", "no-such"})),
            "group no-such: there is no such group");
}

TEST_F(AsRoot, BecomesNobodyForGood) {
  const auto nobody = find_identity("nobody", "", {});
  if (!nobody) GTEST_SKIP() << "there is no nobody";
  EXPECT_EQ(
      test::in_child([&] {
        test::Faults faults;
        faults.expect(fault_of(become(*nobody)).empty(), "becomes nobody");
        uid_t real = 0;
        uid_t effective = 0;
        uid_t saved = 0;
        ::getresuid(&real, &effective, &saved);
        faults.expect(real == *nobody->uid && effective == real && saved == real, "all uids");
        gid_t gid = 0;
        gid_t effective_gid = 0;
        gid_t saved_gid = 0;
        ::getresgid(&gid, &effective_gid, &saved_gid);
        faults.expect(gid == *nobody->gid && effective_gid == gid && saved_gid == gid, "all gids");
        faults.expect(::setuid(0) != 0 && ::seteuid(0) != 0 && ::setgid(0) != 0, "no way back");
        return faults.first();
      }),
      "");
}

TEST_F(AsRoot, LeavesRootsSupplementaryGroupsBehind) {
  EXPECT_EQ(test::in_child([] {
              test::Faults faults;
              const gid_t group = 0;
              ::setgroups(1, &group);
              faults.expect(fault_of(become(*find_identity("54321", "54322", {}))).empty(),
                            "becomes");
              faults.expect(::getgroups(0, nullptr) == 0, "no groups are left");
              return faults.first();
            }),
            "");
}

TEST_F(AsRoot, DoesNotKeepRootsGroupForANumberWithoutOneOfItsOwn) {
  EXPECT_EQ(test::in_child([] { return fault_of(become(*find_identity("54321", "", {}))); }),
            "become user 54321: the user database has no group for it (set group)");
}

TEST(Identity, IsNotTheNumberThatMeansUnchangedToTheKernel) {
  const std::string unchanged = "4294967295";
  EXPECT_EQ(fault_of(find_identity(unchanged, "", {})), "user 4294967295: there is no such user");
  EXPECT_EQ(fault_of(find_identity("", unchanged, {})), "group 4294967295: there is no such group");
}

TEST_F(AsRoot, MayBecomeAnybody) {
  EXPECT_EQ(fault_of(may_become(*find_identity("54321", "54322", {}))), "");
}

TEST_F(AsRoot, SaysWhomOthersCannotBecome) {
  const auto as_54321 = [](const std::string& user, const std::string& group) {
    return test::in_child([&] {
      static_cast<void>(become(*find_identity("54321", "54322", {})));
      return fault_of(may_become(*find_identity(user, group, {})));
    });
  };
  EXPECT_EQ(as_54321("", ""), "");
  EXPECT_EQ(as_54321("54321", "54322"), "");
  EXPECT_EQ(as_54321("54320", ""), "become user 54320: only root can");
  EXPECT_EQ(as_54321("", "54320"), "become group 54320: only root can");
}

TEST(NewPrivileges, CanBeForbidden) {
  EXPECT_EQ(test::in_child([] {
              const std::string fault = fault_of(forbid_new_privileges());
              return ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? fault : "not forbidden";
            }),
            "");
}

}  // namespace
}  // namespace hupd::os
