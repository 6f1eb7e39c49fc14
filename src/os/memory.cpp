#include "os/memory.hpp"

#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hupd::os {

Result<Fd> memory_file(std::string_view name, std::size_t size) {
  Fd fd(::memfd_create(std::string(name).c_str(), MFD_CLOEXEC));
  if (!fd) return failed("make shared memory (memfd_create)");
  if (::ftruncate(fd.get(), static_cast<off_t>(size)) != 0) return failed("size shared memory");
  return fd;
}

Result<Fd> memory_file_with(std::string_view name, std::string_view content) {
  auto fd = memory_file(name, 0);
  if (!fd) return fd;
  while (!content.empty()) {
    const ssize_t written = ::write(fd->get(), content.data(), content.size());
    if (written < 0 && errno != EINTR) return failed("fill shared memory");
    if (written > 0) content.remove_prefix(static_cast<std::size_t>(written));
  }
  return fd;
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

}  // namespace hupd::os
