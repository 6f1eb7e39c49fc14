#include "os/elf.hpp"

#include <cstring>

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/directory.hpp"
#include "support/result.hpp"

namespace hupd::os {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::StartsWith;

class ElfTest : public testing::Test {
 protected:
  // What is said of a library with these bytes, behind its path.
  std::string fault_with(const std::string& bytes) {
    const std::string path = directory_ / "libx.so";
    test::write(path, bytes);
    const std::string fault = test::fault_of(read_elf(path));
    return fault.starts_with(path + ": ") ? fault.substr(path.size() + 2) : fault;
  }
  template <typename Change>
  std::string with_header(Change change) {
    std::string bytes = whole_;
    Elf64_Ehdr header;
    std::memcpy(&header, bytes.data(), sizeof header);
    change(header);
    std::memcpy(bytes.data(), &header, sizeof header);
    return bytes;
  }

  test::Directory directory_;
  std::string whole_ = test::content(SAMPLE_LIBRARY);
};

TEST_F(ElfTest, TellsWhatAWholeLibraryNeedsAndWhereItLooks) {
  const auto info = read_elf(SAMPLE_LIBRARY);
  ASSERT_EQ(test::fault_of(info), "");
  EXPECT_THAT(info->needed, Contains(StartsWith("libc.so")));
  EXPECT_THAT(info->search_path, ElementsAre("$ORIGIN", "$ORIGIN/../lib"));
}

TEST_F(ElfTest, RefusesText) {
  EXPECT_EQ(fault_with("#!/bin/sh\n"), "not a shared library (no valid ELF header)");
  EXPECT_EQ(fault_with(""), "not a shared library (no valid ELF header)");
}

TEST_F(ElfTest, RefusesEveryTruncation) {
  for (std::size_t size = 0; size < whole_.size(); size += 97) {
    EXPECT_NE(fault_with(whole_.substr(0, size)), "") << size << " of " << whole_.size();
  }
  EXPECT_EQ(fault_with(whole_.substr(0, whole_.size() - 1)), "cut off (a deploy still writes it?)");
}

// Tools that edit libraries may leave the section headers in the middle of the file.
TEST_F(ElfTest, RefusesAFileThatEndsBeforeItsSegmentsDo) {
  Elf64_Ehdr header;
  std::memcpy(&header, whole_.data(), sizeof header);
  std::string bytes = whole_;
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    char* at = bytes.data() + header.e_phoff + i * sizeof segment;
    std::memcpy(&segment, at, sizeof segment);
    if (segment.p_type == PT_LOAD) segment.p_filesz += bytes.size();
    std::memcpy(at, &segment, sizeof segment);
  }
  EXPECT_EQ(fault_with(bytes), "cut off (a deploy still writes it?)");
}

TEST_F(ElfTest, RefusesAnotherArchitecture) {
  EXPECT_EQ(fault_with(with_header([](Elf64_Ehdr& h) { h.e_machine = EM_S390; })),
            "built for another architecture");
}

TEST_F(ElfTest, RefusesPrograms) {
  EXPECT_EQ(test::fault_of(read_elf(SAMPLE_PROGRAM)),
            SAMPLE_PROGRAM ": not a shared library (link it with -shared)");
  EXPECT_EQ(test::fault_of(read_elf(SAMPLE_PIE)),
            SAMPLE_PIE ": not a shared library (link it with -shared)");
}

TEST_F(ElfTest, SaysWhatIsMissingOrNoFile) {
  const std::string missing = directory_ / "missing.so";
  EXPECT_EQ(test::fault_of(read_elf(missing)), "open " + missing + ": No such file or directory");
  EXPECT_EQ(test::fault_of(read_elf(directory_.path())),
            directory_.path() + ": not a regular file");
}

}  // namespace
}  // namespace hupd::os
