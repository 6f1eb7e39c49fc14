#include "master/belongings.hpp"

#include "log/logger.hpp"

namespace hupd::master {

os::Result<Belongings> Belongings::acquire(const config::Master& settings) {
  Belongings own;
  if (!settings.pid_file.empty()) {
    auto pid_file = os::PidFile::create(settings.pid_file);
    if (!pid_file) return tl::unexpected(pid_file.error());
    own.pid_file = std::move(*pid_file);
  }
  auto runtime_dir = os::RuntimeDir::create(settings.runtime_dir);
  if (!runtime_dir) return tl::unexpected(runtime_dir.error());
  own.runtime_dir = std::move(*runtime_dir);
  auto control = ControlSocket::open(settings.control);
  if (!control) return tl::unexpected(control.error());
  own.control = std::move(*control);
  return own;
}

namespace {

// Whoever cleans up behind a service may have removed it.
bool is_still_there(const image::Master& image) {
  const auto& file = image.control_file;
  return file && os::file_at(image.control_path) == os::FileIdentity{file->device, file->inode};
}

// Workers serve: a file for scripts is no reason to end them.
os::PidFile take_up_pid_file(Takeover& left) {
  const auto& path = left.image.pid_file;
  if (path.empty()) return {};
  auto taken = left.is_after_death
                   ? os::PidFile::create(path)
                   : os::PidFile::take_up(path, left.descriptors.take("pid-file", 0));
  if (taken) return std::move(*taken);
  log::write(log::Level::Error, {}, taken.error().text + "; going on without a pid file");
  return {};
}

}  // namespace

// The lock of a pid file ends with its master's life; that of the directory, in which the copies
// are that serve, does not.
os::Result<Belongings> Belongings::take_up(Takeover& left) {
  const auto& image = left.image;
  Belongings own;
  own.pid_file = take_up_pid_file(left);
  auto lock = left.descriptors.take("runtime-dir", 0);
  if (!lock) return os::refused("the lock of " + image.runtime_dir + " is lost");
  auto control = left.descriptors.take("control", 0);
  const bool is_found = control && is_still_there(image);
  if (is_found || !left.is_after_death) {
    own.control = ControlSocket::take_up(image, std::move(control));
  } else {
    auto opened = ControlSocket::open(image.settings.control);
    if (!opened) return tl::unexpected(opened.error());
    own.control = std::move(*opened);
  }
  own.runtime_dir =  // last: it removes the directory when it goes
      os::RuntimeDir::take_up(image.runtime_place, image.runtime_dir, std::move(lock));
  return own;
}

void Belongings::keep(Vault& vault) const {
  vault.keep("pid-file", 0, pid_file.fd());
  vault.keep("runtime-dir", 0, runtime_dir.lock(), Lasts::Beyond);
  vault.keep("control", 0, control.fd(), Lasts::Beyond);
}

void Belongings::drop(Vault& vault) {
  for (const auto* kind : {"pid-file", "runtime-dir", "control"}) vault.drop(kind, 0);
}

}  // namespace hupd::master
