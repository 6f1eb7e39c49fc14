#include "os/privileges.hpp"

#include <charconv>

#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace hupd::os {

namespace {

// The greatest one is no id: in system calls it stands for "unchanged".
std::optional<std::uint32_t> number(const std::string& text) {
  std::uint32_t value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc{} || parsed.ptr != end || value == UINT32_MAX) return std::nullopt;
  return value;
}

const passwd* find_user(const std::string& user) {
  const auto id = number(user);
  return id ? ::getpwuid(*id) : ::getpwnam(user.c_str());
}

Result<std::uint32_t> find_group(const std::string& name) {
  if (const auto id = number(name)) return *id;
  const struct group* entry = ::getgrnam(name.c_str());
  if (entry == nullptr) return refused("group " + name + ": there is no such group");
  return entry->gr_gid;
}

std::vector<std::uint32_t> groups_of(const passwd& user) {
  int count = 64;
  std::vector<gid_t> groups(static_cast<std::size_t>(count));
  while (::getgrouplist(user.pw_name, user.pw_gid, groups.data(), &count) < 0) {
    groups.resize(static_cast<std::size_t>(count));
  }
  groups.resize(static_cast<std::size_t>(count));
  return groups;
}

}  // namespace

bool is_user(const std::string& user) { return number(user) || find_user(user) != nullptr; }
bool is_group(const std::string& group) { return find_group(group).has_value(); }

Result<Identity> find_identity(const std::string& user, const std::string& group,
                               const std::vector<std::string>& groups) {
  Identity identity;
  if (!user.empty()) {
    const passwd* entry = find_user(user);
    identity.uid = entry != nullptr ? std::optional(entry->pw_uid) : number(user);
    if (!identity.uid) return refused("user " + user + ": there is no such user");
    if (entry != nullptr) {
      identity.gid = entry->pw_gid;
      identity.groups = groups_of(*entry);
    } else {
      identity.groups.emplace();  // a bare number: none
    }
  }
  if (!group.empty()) {
    const auto gid = find_group(group);
    if (!gid) return tl::unexpected(gid.error());
    identity.gid = *gid;
  }
  if (!groups.empty()) {
    identity.groups.emplace();
    for (const auto& name : groups) {
      const auto gid = find_group(name);
      if (!gid) return tl::unexpected(gid.error());
      identity.groups->push_back(*gid);
    }
  }
  return identity;
}

Result<void> may_become(const Identity& identity) {
  if (::geteuid() == 0) return {};
  if (identity.uid.value_or(::geteuid()) != ::geteuid()) {
    return refused("become user " + std::to_string(*identity.uid) + ": only root can");
  }
  if (identity.gid.value_or(::getegid()) != ::getegid()) {
    return refused("become group " + std::to_string(*identity.gid) + ": only root can");
  }
  return {};
}

Result<void> become(const Identity& identity) {
  if (identity.uid.value_or(0) != 0 && !identity.gid && ::getegid() == 0) {
    return refused("become user " + std::to_string(*identity.uid) +
                   ": the user database has no group for it (set group)");
  }
  if (identity.groups && ::geteuid() == 0) {
    const std::vector<gid_t> groups(identity.groups->begin(), identity.groups->end());
    if (::setgroups(groups.size(), groups.data()) != 0) return failed("set supplementary groups");
  }
  if (identity.gid && ::setresgid(*identity.gid, *identity.gid, *identity.gid) != 0) {
    return failed("become group " + std::to_string(*identity.gid));
  }
  if (identity.uid && ::setresuid(*identity.uid, *identity.uid, *identity.uid) != 0) {
    return failed("become user " + std::to_string(*identity.uid));
  }
  if (identity.uid.value_or(0) != 0 && ::setuid(0) == 0) {
    return refused("become user " + std::to_string(*identity.uid) + ": root could be had again");
  }
  return {};
}

Result<void> forbid_new_privileges() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed("set no_new_privs");
  return {};
}

}  // namespace hupd::os
