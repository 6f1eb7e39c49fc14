// What the kernel says of a descriptor in /proc/self/fdinfo.
#pragma once

#include <optional>
#include <string_view>

namespace hupd::os {

// The number behind `key`, such as "Pid:". Nothing: there is none for this kind of descriptor.
std::optional<long> fd_info(int fd, std::string_view key);

}  // namespace hupd::os
