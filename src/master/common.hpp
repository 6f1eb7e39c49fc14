// What the workers of an app have in common, through all its generations.
#pragma once

#include "master/board.hpp"
#include "master/vault.hpp"
#include "os/channel.hpp"

namespace hupd::master {

struct Common {
  static os::Result<Common> create();
  // That of another master.
  static os::Result<Common> take_up(const image::App& image, Descriptors& from);

  // Known to the vault under `key`, or no longer.
  void keep(Vault& vault, image::Key key) const;
  static void drop(Vault& vault, image::Key key);

  Board board;
  // The hand-over queue (handover/queue.hpp). Both ends are kept open, so that living connections
  // may wait in it while nobody reads.
  os::Fd handed_over;
  os::Fd to_hand_over;
};

}  // namespace hupd::master
