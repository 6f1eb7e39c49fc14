// How a reload is meant.
#pragma once

namespace hupd::master {

// Of triggers that become one reload, the one that asks for more counts.
struct ReloadOptions {
  bool force = false;         // also what has failed its probation
  bool only_changed = false;  // nothing that is as it was
};

}  // namespace hupd::master
