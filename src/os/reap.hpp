// How children ended.
#pragma once

#include <optional>
#include <string>

#include "os/process.hpp"

namespace hupd::os {

struct Reaped {
  Pid pid = 0;
  bool clean = false;     // exit code 0
  std::string described;  // "exit code 3", "signal 11 (SIGSEGV)"
};
std::optional<Reaped> reap_one();  // any child that has ended; nothing when there is none

}  // namespace hupd::os
