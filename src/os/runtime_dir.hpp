// Where the private copies of libraries live: one directory for each running master.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "os/locked_directory.hpp"

namespace hupd::os {

// Removed at the end. What dead masters left beside it is removed when it is made.
class RuntimeDir {
 public:
  RuntimeDir() = default;

  // `configured`, or when it is empty the first of the usual places that can be written to, by
  // nobody else, and can run code (/run is often mounted noexec). Fails naming every place and what
  // was wrong there.
  static Result<RuntimeDir> create(const std::string& configured);

  // Another master's, with its lock.
  static RuntimeDir take_up(std::string place, std::string path, Fd lock) {
    return {std::move(place), LockedDirectory::take_up(std::move(path), std::move(lock))};
  }

  const std::string& place() const { return place_; }
  const std::string& path() const { return own_.path(); }  // absolute
  int lock() const { return own_.lock(); }
  int times_made() const { return times_made_; }  // each time the lock is another one
  // Where somebody has deleted it (a cleaner of old files, say), it is made anew: what was copied
  // into it is lost, but not the chance to deploy.
  Result<std::string> ensured();

 private:
  RuntimeDir(std::string place, LockedDirectory own)
      : place_(std::move(place)), own_(std::move(own)) {}
  std::string place_;
  LockedDirectory own_;
  int times_made_ = 1;
};

// The usual places in order: what systemd made for the unit, then by custom for root and for users.
std::vector<std::string> usual_runtime_places();

}  // namespace hupd::os
