#include "os/sha256.hpp"

#include <array>
#include <cstdio>
#include <memory>

#include <gtest/gtest.h>

#include "support/directory.hpp"
#include "support/result.hpp"

namespace hupd::os {
namespace {

constexpr const char* of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

std::string sha256sum(const std::string& path) {
  const std::string command = "sha256sum " + path;
  const std::unique_ptr<FILE, int (*)(FILE*)> output(::popen(command.c_str(), "r"), &::pclose);
  std::array<char, 65> digits{};
  return output && std::fgets(digits.data(), digits.size(), output.get()) ? digits.data() : "";
}

TEST(Sha256, IsTheStandardsExample) {
  EXPECT_EQ(sha256_of("abc"), of_abc);
  EXPECT_EQ(sha256_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256, OfAFileIsWhatSha256sumPrints) {
  const test::Directory directory;
  const std::string path = directory / "file";
  std::string bytes(1'000'003, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 31U >> 3U);
  test::write(path, bytes);
  const std::string expected = sha256sum(path);
  if (expected.empty()) GTEST_SKIP() << "there is no sha256sum";
  EXPECT_EQ(*sha256_of_file(path), expected);
  EXPECT_EQ(sha256_of(bytes), expected);
}

TEST(Sha256, SaysWhichFileCouldNotBeRead) {
  EXPECT_EQ(test::fault_of(sha256_of_file("/nowhere/x")),
            "read /nowhere/x: No such file or directory");
}

}  // namespace
}  // namespace hupd::os
