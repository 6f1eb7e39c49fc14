// Where the private copies of libraries live: one directory for each running master.
#pragma once

#include <string>
#include <vector>

#include "os/fd.hpp"

namespace hupd::os {

// Owned by one master: locked for life, removed at the end. What dead masters left beside it is
// removed when it is made.
class RuntimeDir {
 public:
  RuntimeDir() = default;
  RuntimeDir(RuntimeDir&& other) noexcept;
  RuntimeDir& operator=(RuntimeDir&& other) noexcept;
  RuntimeDir(const RuntimeDir&) = delete;
  RuntimeDir& operator=(const RuntimeDir&) = delete;
  ~RuntimeDir();

  // `configured`, or when it is empty the first of the usual places that can be written to, by
  // nobody else, and can run code (/run is often mounted noexec). Fails naming every place and what
  // was wrong there.
  static Result<RuntimeDir> create(const std::string& configured);

  const std::string& path() const { return path_; }  // absolute

 private:
  RuntimeDir(Fd lock, std::string path) : lock_(std::move(lock)), path_(std::move(path)) {}
  Fd lock_;
  std::string path_;
};

// The usual places in order: what systemd made for the unit, then by custom for root and for users.
std::vector<std::string> usual_runtime_places();

}  // namespace hupd::os
