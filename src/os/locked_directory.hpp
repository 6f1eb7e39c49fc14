// A directory of one master's own among those of others, which start and end as they like: locked
// for life and removed at the end. One whose lock is free is abandoned.
#pragma once

#include <string>

#include "os/fd.hpp"

namespace hupd::os {

class LockedDirectory {
 public:
  LockedDirectory() = default;
  LockedDirectory(LockedDirectory&& other) noexcept;
  LockedDirectory& operator=(LockedDirectory&& other) noexcept;
  LockedDirectory(const LockedDirectory&) = delete;
  LockedDirectory& operator=(const LockedDirectory&) = delete;
  ~LockedDirectory();

  static Result<LockedDirectory> create(const std::string& place);  // PLACE/master-PID, or …-PID-2

  // Another master's, with its lock.
  static LockedDirectory take_up(std::string path, Fd lock) {
    return LockedDirectory(std::move(lock), std::move(path));
  }

  const std::string& path() const { return path_; }  // absolute
  int lock() const { return lock_.get(); }
  bool is_there() const;  // nobody has removed or replaced it

 private:
  LockedDirectory(Fd lock, std::string path);
  Fd lock_;
  std::string path_;
};

// The directory of this lock is abandoned from now on, whoever else has a copy of the descriptor.
void abandon(const Fd& lock);

// Nobody has its lock.
bool is_abandoned(const std::string& path);

// What masters left there that are gone. Workers of theirs that still finish what they have in hand
// are not disturbed: what they have loaded is mapped.
void remove_abandoned(const std::string& place);

}  // namespace hupd::os
