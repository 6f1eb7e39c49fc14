// Who reads what a command prints.
#pragma once

namespace hupd::os {

bool is_terminal(int fd);  // a person's, then

}  // namespace hupd::os
