// What a master owns for itself.
#pragma once

#include "master/control_socket.hpp"
#include "master/listeners.hpp"
#include "master/takeover.hpp"
#include "os/pid_file.hpp"
#include "os/runtime_dir.hpp"

namespace hupd::master {

struct Belongings {
  static os::Result<Belongings> acquire(const config::Master& settings);
  // Those of another master.
  static os::Result<Belongings> take_up(Takeover& left);

  // Known to the vault, or no longer.
  void keep(Vault& vault) const;
  static void drop(Vault& vault);

  os::PidFile pid_file;
  os::RuntimeDir runtime_dir;
  ControlSocket control;
};

}  // namespace hupd::master
