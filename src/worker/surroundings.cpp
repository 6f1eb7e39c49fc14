#include "worker/surroundings.hpp"

#include "os/limits.hpp"
#include "os/privileges.hpp"

namespace hupd::worker {

static_assert(config::unlimited == os::unlimited);

os::Result<void> settle(const config::App& app) {
  if (auto set = os::set_limits(app.limits); !set) return set;
  if (app.umask) os::set_umask(*app.umask);
  const auto identity = os::find_identity(app.user, app.group, app.groups);
  if (!identity) return tl::unexpected(identity.error());
  if (auto became = os::become(*identity); !became) return became;
  if (app.no_new_privs) {
    if (auto forbidden = os::forbid_new_privileges(); !forbidden) return forbidden;
  }
  if (!app.directory.empty()) return os::change_directory(app.directory);
  return {};
}

}  // namespace hupd::worker
