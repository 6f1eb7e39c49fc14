// The pid file: a number for scripts, and a lock against a second master.
#pragma once

#include <string>

#include "os/fd.hpp"

namespace hupd::os {

// Held and locked for life; the file is removed at the end, unless another one is in its place.
class PidFile {
 public:
  PidFile() = default;
  PidFile(PidFile&&) noexcept = default;
  PidFile& operator=(PidFile&& other) noexcept;
  PidFile(const PidFile&) = delete;
  PidFile& operator=(const PidFile&) = delete;
  ~PidFile();

  // Fails when a living process holds it, naming that one. A file left by a dead one is taken over.
  static Result<PidFile> create(const std::string& path);

  // Another master's, with its lock. The number in it is this process's from now on.
  static Result<PidFile> take_up(std::string path, Fd fd);

  int fd() const { return fd_.get(); }
  const std::string& path() const { return path_; }

 private:
  PidFile(Fd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}
  Fd fd_;
  std::string path_;
};

}  // namespace hupd::os
