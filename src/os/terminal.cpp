#include "os/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace hupd::os {

bool is_terminal(int fd) { return ::isatty(fd) == 1; }

std::size_t terminal_width(int fd) {
  winsize size{};
  return ::ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace hupd::os
