// Who may connect to a unix socket: owner, group and mode of its file.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/listen.hpp"
#include "os/privileges.hpp"

namespace hupd::os {

namespace {

// The directory may be the workers' to write: what is at the path may be a link to somebody else's
// file by now, or another name of it, and root would open that to everybody. So the file is held by
// a descriptor, and looked at before it is changed.
Result<Fd> hold(const std::string& path) {
  Fd file(::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  if (!file) return failed("open " + path);
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0) return failed("examine " + path);
  if (S_ISSOCK(status.st_mode) && status.st_nlink == 1) return file;
  return refused("set the access to " + path + ": another file is there, which is left alone");
}

}  // namespace

Result<void> set_socket_access(const UnixSocket& socket) {
  const auto identity = find_identity(socket.owner, socket.group, {});
  if (!identity) return tl::unexpected(identity.error());
  const auto file = hold(socket.path);
  if (!file) return tl::unexpected(file.error());
  const uid_t uid = identity->uid.value_or(static_cast<uid_t>(-1));
  const gid_t gid = socket.group.empty() ? static_cast<gid_t>(-1) : *identity->gid;
  if (!socket.owner.empty() || !socket.group.empty()) {
    if (::fchownat(file->get(), "", uid, gid, AT_EMPTY_PATH) != 0) {
      return failed("chown " + socket.path);
    }
  }
  const std::string held =
      "/proc/self/fd/" + std::to_string(file->get());  // of O_PATH: no fchmod()
  if (::chmod(held.c_str(), static_cast<mode_t>(socket.mode)) != 0) {
    return failed("chmod " + socket.path);
  }
  return {};
}

}  // namespace hupd::os
