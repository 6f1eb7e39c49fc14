// Whether the systemd journal reads what this process writes.
#pragma once

#include <string_view>

namespace hupd::os {

// `stream` is the value of JOURNAL_STREAM, "device:inode"; true when `fd` is that very stream.
bool is_journal(int fd, std::string_view stream);

bool stderr_is_journal();  // by this process's environment

}  // namespace hupd::os
