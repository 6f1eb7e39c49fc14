// What this process knows of itself, and what ps shows of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "os/result.hpp"

namespace hupd::os {

// What ps shows: the thread's name and, over the memory of `argv`, the command line. Any number of
// times, with this process's own arguments.
void set_title(int argc, char** argv, std::string_view title);

// Threads of this process.
Result<std::size_t> count_threads();

std::uint32_t usable_cpus();

}  // namespace hupd::os
