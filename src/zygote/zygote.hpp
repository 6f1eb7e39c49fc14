// The zygote: one a generation. Loads the library once and is forked for each worker.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hupd::zygote {

// The name under which the program is executed to be a zygote: its arguments[0].
inline constexpr const char* program_name = "hupd-zygote";

// Arguments for os::spawn_self. The last one is room for the longer title of a worker.
std::vector<std::string> arguments(const std::string& app, std::uint64_t generation);

// The process from its start to its end: the exit code. A worker that is forked on the way returns
// from here, too, with its own.
int run(int argc, char** argv);

}  // namespace hupd::zygote
