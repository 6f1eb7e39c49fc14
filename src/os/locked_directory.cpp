#include "os/locked_directory.hpp"

#include <cerrno>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/files.hpp"

namespace hupd::os {

namespace {

namespace fs = std::filesystem;

constexpr int most_names = 1000;

// Whoever makes a directory locks it a moment later, and may meet somebody who takes it for
// abandoned in that moment. So it is renamed before it is removed, under the lock: a lock that is
// held, and is still in its place, is on a directory that will stay. Who has lost his own makes
// another one.
constexpr const char* leaving = ".leaving";

// The directory itself, and no file in it: what cleans up old files by their age, as
// systemd-tmpfiles, passes over a directory that is locked.
Result<Fd> locked(const std::string& path) {
  Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) return failed("open " + path);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return failed("lock " + path);
  if (!is_at(path, fd.get())) return failed("lock " + path, ESTALE);
  return fd;
}

bool was_taken_for_abandoned(const Error& error) {
  return error.code == ENOENT || error.code == EWOULDBLOCK || error.code == ESTALE;
}

}  // namespace

void remove_abandoned(const std::string& place) {
  std::error_code error;
  for (auto entry = fs::directory_iterator(place, error); !error && entry != end(entry);
       entry.increment(error)) {
    const std::string path = entry->path();
    if (!entry->path().filename().string().starts_with("master-")) continue;
    const auto lock = locked(path);
    if (!lock) continue;
    if (path.ends_with(leaving)) {  // whoever began to was killed
      remove_tree(path);
    } else if (rename_path(path, path + leaving)) {
      remove_tree(path + leaving);
    }
  }
}

bool is_abandoned(const std::string& path) { return locked(path).has_value(); }

void abandon(const Fd& lock) { ::flock(lock.get(), LOCK_UN); }

// A name that is there is somebody's who lives, even with this pid: masters in two containers may
// share a place.
Result<LockedDirectory> LockedDirectory::create(const std::string& place) {
  std::error_code ignored;
  const std::string own =
      fs::absolute(place, ignored).string() + "/master-" + std::to_string(::getpid());
  for (int n = 1; n <= most_names; ++n) {
    std::string path = n == 1 ? own : own + "-" + std::to_string(n);
    if (::mkdir(path.c_str(), 0700) != 0) {
      if (errno == EEXIST) continue;
      return failed("create directory " + path);
    }
    auto lock = locked(path);
    if (lock) return LockedDirectory(std::move(*lock), std::move(path));
    if (!was_taken_for_abandoned(lock.error())) return tl::unexpected(lock.error());
  }
  return refused("create directory " + own + ": all its names are taken");
}

LockedDirectory::LockedDirectory(Fd lock, std::string path)
    : lock_(std::move(lock)), path_(std::move(path)) {}

LockedDirectory::LockedDirectory(LockedDirectory&& other) noexcept
    : lock_(std::move(other.lock_)), path_(std::exchange(other.path_, {})) {}

LockedDirectory& LockedDirectory::operator=(LockedDirectory&& other) noexcept {
  std::swap(lock_, other.lock_);
  std::swap(path_, other.path_);
  return *this;
}

bool LockedDirectory::is_there() const { return is_at(path_, lock_.get()); }

LockedDirectory::~LockedDirectory() {
  if (is_there()) remove_tree(path_);
}

}  // namespace hupd::os
