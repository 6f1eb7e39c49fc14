#include "master/program_authors.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace hupd::master {

os::Result<os::Trust> program_authors(const config::Settings& settings) {
  const auto& apps = settings.apps;
  const auto is_examined = [](const config::App& app) { return app.check_ownership; };
  if (std::none_of(apps.begin(), apps.end(), is_examined)) return os::Trust::of_everybody();
  std::vector<std::string> users, groups;
  for (const auto& app : apps) {
    users.insert(users.end(), app.trusted_users.begin(), app.trusted_users.end());
    groups.insert(groups.end(), app.trusted_groups.begin(), app.trusted_groups.end());
  }
  return os::Trust::of_root(users, groups);
}

}  // namespace hupd::master
