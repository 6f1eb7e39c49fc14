// Who reads what a command prints.
#pragma once

#include <cstddef>

namespace hupd::os {

bool is_terminal(int fd);  // a person's, then

struct TerminalSize {
  std::size_t columns = 0, rows = 0;  // 0: it is none, or does not tell
};
TerminalSize terminal_size(int fd);

}  // namespace hupd::os
