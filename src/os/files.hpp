// Directories and files of hupd's own, and copies that notice a writer.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "os/result.hpp"
#include "os/trust.hpp"

namespace hupd::os {

Result<void> make_directories(const std::string& path);        // 0755 where they were missing
Result<void> make_private_directory(const std::string& path);  // 0700; an old one is emptied
// For a worker with dropped privileges that loads a plugin beside its library.
Result<void> let_through(const std::string& path);  // directory, 0711: not to be listed
Result<void> let_group_in(const std::string& path, std::uint32_t gid);  // directory, 0710
Result<void> rename_path(const std::string& from, const std::string& to);
void remove_tree(const std::string& path);  // errors ignored: it is cleaning up
// The directories in it, but for these, which are named as it is.
void remove_other_directories(const std::string& directory, const std::set<std::string>& kept);

bool is_file(const std::string& path);

// Which file there is, and in what state: a write changes it.
struct FileState {
  std::uint64_t device = 0, inode = 0;
  std::int64_t size = 0;
  std::int64_t modified_ns = 0, changed_ns = 0;
  bool operator==(const FileState&) const = default;
  bool is_of_same_file(const FileState& other) const {
    return device == other.device && inode == other.inode;
  }
};
std::optional<FileState> file_state(const std::string& path);  // nothing: there is none

bool is_at(const std::string& path, int fd);  // still: nobody has removed or replaced it

// A real copy, read-only, executable. Fails when the source changes while it is copied: size,
// mtime, ctime and inode are compared before and after. When another file was moved to its place
// meanwhile, the error's code is ESTALE: the copy is of a file that is no longer deployed. `trust`
// holds for what is copied, see open_trusted().
Result<void> copy_stable(const std::string& from, const std::string& to,
                         const Trust& trust = Trust::of_everybody());

}  // namespace hupd::os
