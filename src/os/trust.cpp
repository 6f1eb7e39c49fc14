#include "os/trust.hpp"

#include <algorithm>

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include "os/author.hpp"
#include "os/privileges.hpp"

namespace hupd::os {

namespace {

bool is_among(std::uint32_t id, const std::vector<std::uint32_t>& ids) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

std::string name_of_user(std::uint32_t uid) {
  const passwd* entry = ::getpwuid(uid);
  return entry != nullptr ? entry->pw_name : std::to_string(uid);
}

std::string name_of_group(std::uint32_t gid) {
  const struct group* entry = ::getgrgid(gid);
  return entry != nullptr ? entry->gr_name : std::to_string(gid);
}

std::string or_trust(const char* kind, const std::string& name, Trust::Named named) {
  const std::string word = kind;
  return named == Trust::Named::ByFlags ? ", or say --trusted-" + word + " " + name
                                        : ", or name " + name + " in trusted_" + word + "s";
}

}  // namespace

Result<void> examine_author(const struct stat& status, const std::string& path,
                            const Trust& trust) {
  const bool is_sticky = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
  if (status.st_uid != 0 && !is_among(status.st_uid, trust.users)) {
    const auto owner = name_of_user(status.st_uid);
    return refused(path + " belongs to " + owner +
                   ", who could change what root runs: chown root " + path +
                   or_trust("user", owner, trust.named));
  }
  if (S_ISLNK(status.st_mode) || is_sticky) return {};
  if ((status.st_mode & S_IWOTH) != 0) {
    return refused(path + " can be written to by everybody, who could change what root runs: " +
                   "chmod o-w " + path);
  }
  if ((status.st_mode & S_IWGRP) != 0 && !is_among(status.st_gid, trust.groups)) {
    const auto group = name_of_group(status.st_gid);
    return refused(path + " can be written to by group " + group +
                   ", which could change what root runs: chmod g-w " + path +
                   or_trust("group", group, trust.named));
  }
  return {};
}

Result<Trust> Trust::of_root(const std::vector<std::string>& users,
                             const std::vector<std::string>& groups, Named named) {
  if (::geteuid() != 0) return of_everybody();
  Trust trust;
  trust.named = named;
  for (const auto& user : users) {
    const auto identity = find_identity(user, {}, {});
    if (!identity) return tl::unexpected(identity.error());
    if (identity->uid) trust.users.push_back(*identity->uid);
  }
  for (const auto& group : groups) {
    const auto identity = find_identity({}, group, {});
    if (!identity) return tl::unexpected(identity.error());
    if (identity->gid) trust.groups.push_back(*identity->gid);
  }
  return trust;
}

}  // namespace hupd::os
