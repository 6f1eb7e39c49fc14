#include "zygote/siblings.hpp"

#include <gmock/gmock.h>

#include "deployed.hpp"
#include "support/result.hpp"

namespace hupd::zygote {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

using SiblingsTest = Deployed;

TEST_F(SiblingsTest, AreNoneForALibraryThatStandsAlone) {
  const auto deep = deploy("deep", "web");
  EXPECT_THAT(files_of(deep).value(), ElementsAre(deep));
}

TEST_F(SiblingsTest, AreFoundBesideTheLibraryAndBesideEachOther) {
  const auto top = deploy("top", "web");
  const auto near = deploy("near", "web");
  const auto deep = deploy("deep", "web");
  EXPECT_THAT(files_of(top).value(), ElementsAre(top, near, deep));
}

TEST_F(SiblingsTest, AreFoundInADirectoryNextToIt) {
  const auto top = deploy("top", "web/bin");
  const auto near = deploy("near", "web/lib");
  const auto deep = deploy("deep", "web/lib");
  EXPECT_THAT(files_of(top).value(), ElementsAre(top, near, deep));
}

TEST_F(SiblingsTest, AreTheFirstOnesThatTheLoaderWouldFind) {
  const auto top = deploy("top", "web/bin");
  const auto beside = deploy("near", "web/bin");
  deploy("near", "web/lib");
  const auto deep = deploy("deep", "web/bin");
  EXPECT_THAT(files_of(top).value(), ElementsAre(top, beside, deep));
}

TEST_F(SiblingsTest, OfTheSystemAreNotListed) {
  const auto top = deploy("top", "web");
  EXPECT_THAT(files_of(top).value(), ElementsAre(top)) << "libnear.so is not beside it";
}

TEST_F(SiblingsTest, ThatAreNotWholeAreNamed) {
  const auto top = deploy("top", "web");
  const auto near = deploy("near", "web");
  fs::resize_file(near, fs::file_size(near) - 1);
  EXPECT_EQ(test::fault_of(files_of(top)), near + ": cut off (a deploy still writes it?)");
}

// The loader asks the kernel for current/../lib, which is beside the link's target.
TEST_F(SiblingsTest, AreFoundBehindALinkToADirectoryAsTheLoaderFindsThem) {
  deploy("top", "releases/5");
  deploy("near", "releases/lib");
  deploy("deep", "releases/lib");
  fs::create_directory_symlink("releases/5", site_ / "current");
  const auto files = files_of(site_ / "current/libtop.so");
  EXPECT_THAT(files.value(),
              ElementsAre(site_ / "releases/5/libtop.so", site_ / "releases/lib/libnear.so",
                          site_ / "releases/lib/libdeep.so"));
}

}  // namespace
}  // namespace hupd::zygote
