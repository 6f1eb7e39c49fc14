// The unix socket on which control clients find the master.
#pragma once

#include <optional>
#include <string>

#include "config/settings.hpp"
#include "image/image.hpp"
#include "os/fd.hpp"
#include "os/listen.hpp"

namespace hupd::master {

// None, when nobody said where and there is no usual place, or another master is there: hupd serves
// without it, and the log says so. The file is removed at the end.
class ControlSocket {
 public:
  // An error: it was configured, and cannot be had; that another living master has it included.
  static os::Result<ControlSocket> open(const config::Control& settings);

  // Another master's.
  static ControlSocket take_up(const image::Master& image, os::Fd fd);

  ControlSocket() = default;
  ControlSocket(ControlSocket&& other) noexcept;
  ControlSocket& operator=(ControlSocket&& other) noexcept;
  ~ControlSocket();

  bool is_open() const { return static_cast<bool>(fd_); }
  int fd() const { return fd_.get(); }
  const std::string& path() const { return path_; }
  const std::optional<os::FileIdentity>& identity() const { return identity_; }

 private:
  ControlSocket(std::string path, os::Fd fd);

  os::Fd fd_;
  std::string path_;
  std::optional<os::FileIdentity> identity_;
};

}  // namespace hupd::master
