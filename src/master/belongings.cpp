#include "master/belongings.hpp"

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

os::Result<Belongings> Belongings::take_up(Takeover& left) {
  const auto& image = left.image;
  Belongings own;
  if (!image.pid_file.empty()) {
    auto pid_file = os::PidFile::take_up(image.pid_file, left.descriptors.take("pid-file", 0));
    if (!pid_file) return tl::unexpected(pid_file.error());
    own.pid_file = std::move(*pid_file);
  }
  own.runtime_dir = os::RuntimeDir::take_up(image.runtime_place, image.runtime_dir,
                                            left.descriptors.take("runtime-dir", 0));
  own.control = ControlSocket::take_up(image, left.descriptors.take("control", 0));
  return own;
}

}  // namespace hupd::master
