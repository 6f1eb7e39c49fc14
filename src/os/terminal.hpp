// Who reads what a command prints.
#pragma once

#include <cstddef>

namespace hupd::os {

bool is_terminal(int fd);            // a person's, then
std::size_t terminal_width(int fd);  // in columns; 0: it is none, or does not tell

}  // namespace hupd::os
