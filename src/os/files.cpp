#include "os/files.hpp"

#include <filesystem>

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/fd.hpp"

namespace hupd::os {

namespace fs = std::filesystem;

namespace {

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

FileState state_of(const struct stat& status) {
  return {status.st_dev, status.st_ino, status.st_size, nanoseconds(status.st_mtim),
          nanoseconds(status.st_ctim)};
}

Result<void> copy_bytes(int from, int to, off_t size, const std::string& what) {
  for (off_t done = 0; done < size;) {
    const ssize_t sent = ::sendfile(to, from, &done, static_cast<std::size_t>(size - done));
    if (sent < 0 && errno != EINTR) return failed(what);
    if (sent == 0) return refused(what + ": it was cut while it was copied");
  }
  return {};
}

}  // namespace

Result<void> make_directories(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return failed("create directory " + path, error.value());
  return {};
}

Result<void> make_private_directory(const std::string& path) {
  remove_tree(path);
  if (::mkdir(path.c_str(), 0700) != 0) return failed("create directory " + path);
  return {};
}

Result<void> let_through(const std::string& path) {
  if (::chmod(path.c_str(), 0711) != 0) return failed("chmod " + path);
  return {};
}

Result<void> let_group_in(const std::string& path, std::uint32_t gid) {
  if (::chown(path.c_str(), static_cast<uid_t>(-1), gid) != 0 || ::chmod(path.c_str(), 0710) != 0) {
    return failed("give the group access to " + path);
  }
  return {};
}

Result<void> rename_path(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return failed("rename " + from + " to " + to);
  return {};
}

void remove_tree(const std::string& path) {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

void remove_other_directories(const std::string& directory, const std::set<std::string>& kept) {
  std::error_code error;
  for (auto entry = fs::directory_iterator(directory, error); !error && entry != end(entry);
       entry.increment(error)) {
    const bool is_directory = entry->symlink_status().type() == fs::file_type::directory;
    if (is_directory && !kept.contains(entry->path())) remove_tree(entry->path());
  }
}

bool is_file(const std::string& path) {
  struct stat status = {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

std::optional<FileState> file_state(const std::string& path) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return state_of(status);
}

bool is_at(const std::string& path, int fd) {
  struct stat here = {};
  struct stat held = {};
  return ::stat(path.c_str(), &here) == 0 && ::fstat(fd, &held) == 0 &&
         here.st_ino == held.st_ino && here.st_dev == held.st_dev;
}

Result<void> copy_stable(const std::string& from, const std::string& to, const Trust& trust) {
  const std::string what = "copy " + from;
  const auto opened = open_trusted(from, trust);
  if (!opened && opened.error().code != 0) return failed(what, opened.error().code);
  if (!opened) return refused("copy " + opened.error().text);
  const Fd& source = *opened;
  struct stat before = {};
  struct stat after = {};
  struct stat at_path = {};
  if (::fstat(source.get(), &before) != 0) return failed(what);
  const Fd target(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700));
  if (!target) return failed("create " + to);
  if (auto copied = copy_bytes(source.get(), target.get(), before.st_size, what); !copied) {
    return copied;
  }
  if (::fstat(source.get(), &after) != 0 || ::stat(from.c_str(), &at_path) != 0)
    return failed(what);
  if (!state_of(at_path).is_of_same_file(state_of(before))) {
    return tl::unexpected(Error{ESTALE, what + ": another file took its place meanwhile"});
  }
  if (state_of(before) != state_of(after)) {
    return refused(what + ": it changed while it was copied (a deploy still writes it?)");
  }
  if (::fchmod(target.get(), 0555) != 0) return failed("protect " + to);
  return {};
}

}  // namespace hupd::os
