// Who a worker runs as.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "os/result.hpp"

namespace hupd::os {

struct Identity {
  std::optional<std::uint32_t> uid;  // nothing: unchanged
  std::optional<std::uint32_t> gid;
  std::optional<std::vector<std::uint32_t>> groups;  // supplementary
};

// By name; a number may be one that the user database does not list.
bool is_user(const std::string& user);
bool is_group(const std::string& group);

// Names or numbers; empty: unchanged. Without a group the user's own one is taken, without
// supplementary groups those that the user database lists for the user.
Result<Identity> find_identity(const std::string& user, const std::string& group,
                               const std::vector<std::string>& groups);

// Whether become() can succeed: another user or group takes root. Supplementary groups are root's
// to set, too; without its rights become() leaves them as they are.
Result<void> may_become(const Identity& identity);

// For good: real, effective and saved ids. It is an error when root could be had again after,
// and to keep root's group as another user.
Result<void> become(const Identity& identity);
Result<void> forbid_new_privileges();

}  // namespace hupd::os
