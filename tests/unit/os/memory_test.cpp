#include "os/memory.hpp"

#include <cstring>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "support/result.hpp"

namespace hupd::os {
namespace {

constexpr std::size_t size = 8192;

TEST(Memory, BeginsAsZeros) {
  const auto file = memory_file("test", size);
  ASSERT_TRUE(file);
  EXPECT_EQ(*read_whole(file->get()), std::string(size, '\0'));
}

TEST(Memory, HoldsItsContentHoweverOftenItIsRead) {
  const auto file = memory_file_with("test", "content");
  ASSERT_TRUE(file);
  EXPECT_EQ(*read_whole(file->get()), "content");
  EXPECT_EQ(*read_whole(file->get()), "content");
}

TEST(Memory, IsSharedByItsMappings) {
  const auto file = memory_file("test", size);
  const auto writer = Mapping::map(file->get(), 4096, 4096, Access::ReadWrite);
  const auto reader = Mapping::map(file->get(), 0, size, Access::Read);
  ASSERT_TRUE(writer && reader);
  writer->data()[1] = std::byte{42};
  EXPECT_EQ(reader->data()[4097], std::byte{42});
}

TEST(Memory, ReopenedForReadingCannotBeMappedForWriting) {
  const auto file = memory_file("test", size);
  const auto read_only = reopen_read_only(file->get());
  ASSERT_EQ(test::fault_of(read_only), "");
  const auto writable = Mapping::map(read_only->get(), 0, size, Access::ReadWrite);
  ASSERT_FALSE(writable);
  EXPECT_EQ(writable.error().code, EACCES);
  const auto reader = Mapping::map(read_only->get(), 0, size, Access::Read);
  ASSERT_TRUE(reader);
  EXPECT_EQ(::mprotect(reader->data(), reader->size(), PROT_READ | PROT_WRITE), -1)
      << "nor be made writable afterwards";
}

TEST(Memory, IsSealedForGood) {
  const auto file = sealed_memory_with("test", "content");
  ASSERT_EQ(test::fault_of(file), "");
  EXPECT_EQ(::write(file->get(), "x", 1), -1);
  EXPECT_EQ(::ftruncate(file->get(), 0), -1);
  const auto read = Mapping::map_sealed(file->get(), 7);
  ASSERT_EQ(test::fault_of(read), "");
  EXPECT_EQ(std::memcmp(read->data(), "content", read->size()), 0);
  EXPECT_EQ(read->size(), 7U);
  EXPECT_EQ(test::fault_of(Mapping::map_sealed(file->get(), 6)),
            "7 bytes are more than the 6 that may be");
  EXPECT_EQ(Mapping::map_sealed(sealed_memory_with("test", "")->get(), 6)->size(), 0U);
}

TEST(Memory, WhatMayShrinkIsNotMappedAsSealed) {
  const auto file = memory_file_with("test", "content");
  EXPECT_EQ(test::fault_of(Mapping::map_sealed(file->get(), size)), "it is no sealed memory");
  EXPECT_EQ(test::fault_of(Mapping::map_sealed(STDERR_FILENO, size)), "it is no sealed memory");
}

TEST(Memory, AMappingThatMovedIsUnmappedOnce) {
  const auto file = memory_file("test", size);
  auto first = Mapping::map(file->get(), 0, size, Access::ReadWrite);
  ASSERT_TRUE(first);
  Mapping second(std::move(*first));
  EXPECT_EQ(first->data(), nullptr);
  Mapping third;
  third = std::move(second);
  ASSERT_EQ(third.size(), size);
  third.data()[0] = std::byte{1};
}

}  // namespace
}  // namespace hupd::os
