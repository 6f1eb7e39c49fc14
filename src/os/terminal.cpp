#include "os/terminal.hpp"

#include <unistd.h>

namespace hupd::os {

bool is_terminal(int fd) { return ::isatty(fd) == 1; }

}  // namespace hupd::os
