#include "os/pid_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "os/files.hpp"
#include "os/memory.hpp"

namespace hupd::os {

namespace {

bool write_own_pid(int fd) {
  const std::string text = std::to_string(::getpid()) + "\n";
  return ::ftruncate(fd, 0) == 0 &&
         ::pwrite(fd, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

Result<PidFile> PidFile::create(const std::string& path) {
  for (;;) {
    Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (!fd) return failed("open pid file " + path);
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
      const auto holder = read_whole(fd.get());
      return refused("pid file " + path + ": another hupd holds it (pid " +
                     (holder ? first_line(*holder) : "unknown") + ")");
    }
    // Its holder may have removed it between our open and our lock: then the lock is on a ghost.
    if (!is_at(path, fd.get())) continue;
    if (!write_own_pid(fd.get())) return failed("write pid file " + path);
    return PidFile(std::move(fd), path);
  }
}

Result<PidFile> PidFile::take_up(std::string path, Fd fd) {
  if (!write_own_pid(fd.get())) return failed("write pid file " + path);
  return PidFile(std::move(fd), std::move(path));
}

PidFile& PidFile::operator=(PidFile&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(path_, other.path_);
  return *this;
}

PidFile::~PidFile() {
  // Before the lock goes with the descriptor; and only what was not replaced by somebody else's.
  if (fd_ && is_at(path_, fd_.get())) ::unlink(path_.c_str());
}

}  // namespace hupd::os
