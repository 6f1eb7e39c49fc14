#include "os/memory.hpp"

#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hupd::os {

namespace {

constexpr int all_seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

Result<void> fill(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno != EINTR) return failed("fill shared memory");
    if (written > 0) content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace

Result<Fd> memory_file(std::string_view name, std::size_t size) {
  Fd fd(::memfd_create(std::string(name).c_str(), MFD_CLOEXEC));
  if (!fd) return failed("make shared memory (memfd_create)");
  if (::ftruncate(fd.get(), static_cast<off_t>(size)) != 0) return failed("size shared memory");
  return fd;
}

Result<Fd> memory_of_fixed_size(std::string_view name, std::size_t size) {
  Fd fd(::memfd_create(std::string(name).c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) return failed("make shared memory (memfd_create)");
  if (::ftruncate(fd.get(), static_cast<off_t>(size)) != 0) return failed("size shared memory");
  constexpr int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW;
  if (::fcntl(fd.get(), F_ADD_SEALS, seals) != 0) return failed("seal shared memory");
  return fd;
}

Result<Fd> memory_file_with(std::string_view name, std::string_view content) {
  auto fd = memory_file(name, 0);
  if (!fd) return fd;
  if (auto filled = fill(fd->get(), content); !filled) return tl::unexpected(filled.error());
  return fd;
}

Result<Fd> sealed_memory_with(std::string_view name, std::string_view content) {
  Fd fd(::memfd_create(std::string(name).c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) return failed("make shared memory (memfd_create)");
  if (auto filled = fill(fd.get(), content); !filled) return tl::unexpected(filled.error());
  if (::fcntl(fd.get(), F_ADD_SEALS, all_seals) != 0) return failed("seal shared memory");
  return fd;
}

Result<void> write_over(int fd, std::string_view content) {
  const auto written = ::pwrite(fd, content.data(), content.size(), 0);
  if (written == static_cast<ssize_t>(content.size())) return {};
  return failed("write to memory");
}

Result<std::size_t> size_of_sealed(int fd) {
  const int seals = ::fcntl(fd, F_GET_SEALS);  // first: it asks no file system, which might wait
  if (seals < 0 || (seals & all_seals) != all_seals) return refused("it is no sealed memory");
  struct stat status = {};
  if (::fstat(fd, &status) != 0) return failed("size of sealed memory");
  return static_cast<std::size_t>(status.st_size);
}

Result<Fd> reopen_read_only(int fd) {
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  Fd again(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!again) return failed("open " + path + " for reading");
  return again;
}

Result<std::string> read_whole(int fd) {
  struct stat status = {};
  if (::fstat(fd, &status) != 0) return failed("size of a file");
  return read_up_to(fd, static_cast<std::size_t>(status.st_size));
}

Result<std::string> read_up_to(int fd, std::size_t size) {
  std::string content(size, '\0');
  std::size_t done = 0;
  while (done < content.size()) {
    const ssize_t got =
        ::pread(fd, content.data() + done, content.size() - done, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("read a file");
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  content.resize(done);
  return content;
}

Mapping::Mapping(Mapping&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

Mapping::~Mapping() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

Result<Mapping> Mapping::map(int fd, std::size_t offset, std::size_t size, Access access) {
  const int protection = access == Access::Read ? PROT_READ : PROT_READ | PROT_WRITE;
  void* data = ::mmap(nullptr, size, protection, MAP_SHARED, fd, static_cast<off_t>(offset));
  if (data == MAP_FAILED) return failed("map shared memory");
  return Mapping(static_cast<std::byte*>(data), size);
}

Result<Mapping> Mapping::map_sealed(int fd, std::size_t most) {
  const auto size = size_of_sealed(fd);
  if (!size) return tl::unexpected(size.error());
  if (*size > most) {
    return tl::unexpected(Error{EFBIG, std::to_string(*size) + " bytes are more than the " +
                                           std::to_string(most) + " that may be"});
  }
  if (*size == 0) return Mapping();
  // Before Linux 6.7 what is sealed against writing cannot be mapped as shared.
  void* data = ::mmap(nullptr, *size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (data == MAP_FAILED) return failed("map sealed memory");
  return Mapping(static_cast<std::byte*>(data), *size);
}

}  // namespace hupd::os
