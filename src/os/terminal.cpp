#include "os/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace hupd::os {

bool is_terminal(int fd) { return ::isatty(fd) == 1; }

TerminalSize terminal_size(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0) return {};
  return {size.ws_col, size.ws_row};
}

}  // namespace hupd::os
