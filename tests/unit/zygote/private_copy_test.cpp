#include "zygote/private_copy.hpp"

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "deployed.hpp"
#include "os/sha256.hpp"
#include "support/child.hpp"
#include "support/result.hpp"

namespace hupd::zygote {
namespace {

namespace fs = std::filesystem;
using test::fault_of;
using testing::HasSubstr;
using testing::StartsWith;

class PrivateCopyTest : public Deployed {
 protected:
  os::Result<PrivateCopy> copy(const std::string& library) {
    return make_private_copy(library, own_.path());
  }
  test::Directory own_;
};

// In a child, since nothing is unloaded: what top() of the library answers.
std::string answer_of(const std::string& library) {
  return test::in_child([&] {
    void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) return std::string(::dlerror());
    const auto top = reinterpret_cast<int (*)()>(::dlsym(handle, "top"));
    return top != nullptr ? std::to_string(top()) : "no top";
  });
}

TEST_F(PrivateCopyTest, OfOneFileHasItsSha256AndItsBytes) {
  const auto deep = deploy("deep", "web");
  const auto made = copy(deep);
  ASSERT_EQ(fault_of(made), "");
  EXPECT_EQ(made->hash, os::sha256_of_file(deep).value());
  EXPECT_EQ(made->path, own_ / made->hash.substr(0, 16) + "/libdeep.so");
  EXPECT_EQ(test::content(made->path), test::content(deep));
  EXPECT_EQ(test::mode_of(made->path), 0555U) << "nobody writes it";
}

TEST_F(PrivateCopyTest, OfAFileWithSiblingsHasTheSha256OfTheListThatSha256sumPrints) {
  const auto top = deploy("near", "web");
  const auto deep = deploy("deep", "web");
  const auto made = copy(top);
  ASSERT_EQ(fault_of(made), "");
  EXPECT_EQ(made->hash, os::sha256_of(*os::sha256_of_file(top) + "  libnear.so\n" +
                                      *os::sha256_of_file(deep) + "  libdeep.so\n"));
}

TEST_F(PrivateCopyTest, IsMadeOfNothingThatOthersMayWriteSiblingsIncluded) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root trusts nobody";
  const auto near = deploy("near", "web");
  const auto deep = deploy("deep", "web");
  for (const auto& file : {near, deep}) fs::permissions(file, fs::perms(0644));
  ASSERT_EQ(fault_of(make_private_copy(near, own_.path(), os::Trust{})), "");
  fs::permissions(deep, fs::perms(0666));
  EXPECT_THAT(fault_of(make_private_copy(near, own_.path(), os::Trust{})),
              StartsWith(deep + " can be written to by everybody"));
}

TEST_F(PrivateCopyTest, LoadsWhenTheOriginalsBesideEachOtherAreGone) {
  const auto top = deploy("top", "web");
  deploy("near", "web");
  deploy("deep", "web");
  const auto made = copy(top);
  ASSERT_EQ(fault_of(made), "");
  fs::remove_all(site_ / "web");
  EXPECT_EQ(answer_of(made->path), "42");
}

TEST_F(PrivateCopyTest, LoadsWhenTheOriginalsInSeveralDirectoriesAreGone) {
  const auto top = deploy("top", "web/bin");
  deploy("near", "web/lib");
  deploy("deep", "web/lib");
  const auto made = copy(top);
  ASSERT_EQ(fault_of(made), "");
  EXPECT_THAT(made->path, StartsWith(own_.path()));
  fs::remove_all(site_ / "web");
  EXPECT_EQ(answer_of(made->path), "42");
}

TEST_F(PrivateCopyTest, LoadsWhenTheOriginalsBehindALinkAreGone) {
  deploy("top", "releases/5");
  deploy("near", "releases/lib");
  deploy("deep", "releases/lib");
  fs::create_directory_symlink("releases/5", site_ / "current");
  ASSERT_EQ(answer_of(site_ / "current/libtop.so"), "42") << "as deployed";
  const auto made = copy(site_ / "current/libtop.so");
  ASSERT_EQ(fault_of(made), "");
  fs::remove_all(site_ / "releases");
  EXPECT_EQ(answer_of(made->path), "42");
}

TEST_F(PrivateCopyTest, OfOtherContentIsAnotherDirectory) {
  const auto deep = deploy("deep", "web");
  const auto first = copy(deep);
  std::ofstream(deep, std::ios::app) << "a later build";
  const auto second = copy(deep);
  ASSERT_TRUE(first && second);
  EXPECT_NE(first->hash, second->hash);
  EXPECT_NE(fs::path(first->path).parent_path(), fs::path(second->path).parent_path());
  EXPECT_TRUE(fs::exists(first->path)) << "the one before is left as it was";
}

TEST_F(PrivateCopyTest, OfASiblingsOtherContentHasAnotherHash) {
  const auto top = deploy("near", "web");
  const auto deep = deploy("deep", "web");
  const auto first = copy(top);
  std::ofstream(deep, std::ios::app) << "a later build";
  const auto second = copy(top);
  ASSERT_TRUE(first && second);
  EXPECT_NE(first->hash, second->hash);
}

TEST_F(PrivateCopyTest, ReplacesWhatAFailedOneLeft) {
  fs::create_directories(own_ / "partial");
  test::write(own_ / "partial/libdeep.so", "half of it");
  const auto made = copy(deploy("deep", "web"));
  ASSERT_EQ(fault_of(made), "");
  EXPECT_FALSE(fs::exists(own_ / "partial"));
}

TEST_F(PrivateCopyTest, SaysWhichFileIsNotThere) {
  EXPECT_THAT(fault_of(copy(site_ / "libx.so")),
              HasSubstr(site_ / "libx.so" + ": No such file or directory"));
}

}  // namespace
}  // namespace hupd::zygote
