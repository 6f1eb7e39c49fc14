// Memory that processes share: memfds and mappings of them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "os/fd.hpp"
#include "os/result.hpp"

namespace hupd::os {

Result<Fd> memory_file(std::string_view name, std::size_t size);  // zeros
// Zeros to write to, together. Nobody who has it can shrink it, which would kill those that read.
Result<Fd> memory_of_fixed_size(std::string_view name, std::size_t size);
Result<Fd> memory_file_with(std::string_view name, std::string_view content);
// Nobody can change it any more, this process included.
Result<Fd> sealed_memory_with(std::string_view name, std::string_view content);
// From its beginning, in one call; what is behind `content` stays.
Result<void> write_over(int fd, std::string_view content);
Result<std::size_t> size_of_sealed(int fd);  // an error: that is something else. It never waits
Result<Fd> reopen_read_only(int fd);         // by /proc/self/fd: it can never be mapped for writing
Result<std::string> read_whole(int fd);
// The first `size` bytes, fewer when there are no more. For a file that another process made: it is
// neither trusted to be small nor mapped, since whoever shrinks it would kill the reader.
Result<std::string> read_up_to(int fd, std::size_t size);

enum class Access { Read, ReadWrite };

// An owned shared mapping.
class Mapping {
 public:
  Mapping() = default;
  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();

  // `offset` is a multiple of the page size.
  static Result<Mapping> map(int fd, std::size_t offset, std::size_t size, Access access);

  // All of a sealed memory file, of at most `most` bytes (EFBIG), for reading. What is no such file
  // is refused: whoever could shrink it could kill the reader.
  static Result<Mapping> map_sealed(int fd, std::size_t most);

  std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  Mapping(std::byte* data, std::size_t size) : data_(data), size_(size) {}
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace hupd::os
