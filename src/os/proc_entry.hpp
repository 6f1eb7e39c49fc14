// What /proc says of a process, whosever it is: where it is hidden or gone, nothing.
#pragma once

#include <string>
#include <vector>

#include "os/process.hpp"

namespace hupd::os {

std::vector<Pid> visible_processes();

std::string process_name(Pid pid);  // the kernel's, 15 bytes at most

struct ProcessState {
  char letter = 0;  // as in ps(1): Z is a zombie; 0: not known
  Pid parent = 0;
};
ProcessState process_state(Pid pid);

// It is gone, or nothing but its status is left. False where that is not to be known.
bool is_dead(Pid pid);

}  // namespace hupd::os
