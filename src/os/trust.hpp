// Files that root obeys: who else may be their author?
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "os/fd.hpp"
#include "os/result.hpp"

namespace hupd::os {

// Root is always among them.
struct Trust {
  bool everybody = false;  // nothing is examined
  std::vector<std::uint32_t> users;
  std::vector<std::uint32_t> groups;  // whose members may write, and rename
  // Where they are named: for refusals, which say what to do.
  enum class Named { InKeys, ByFlags } named = Named::InKeys;

  // Users and groups by name or number. Everybody when this process has not root's rights: then
  // nothing is to be gained by what it runs.
  static Result<Trust> of_root(const std::vector<std::string>& users,
                               const std::vector<std::string>& groups, Named named = Named::InKeys);
  static Trust of_everybody() { return {true, {}, {}, Named::InKeys}; }
};

// Opens a regular file for reading, of which nobody but those can be the author: each owns it, or a
// link or directory on the way to it, and nobody else may write to it, or rename anything on the
// way (in a sticky directory as /tmp everybody has only what is his own). What is examined is what
// was opened, step by step from the root; a refusal names the culprit and what to do. Access lists
// (acl) show in the bits for the group.
Result<Fd> open_trusted(const std::string& path, const Trust& trust);

}  // namespace hupd::os
