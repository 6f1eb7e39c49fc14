// The process that keeps a master's lasting descriptors where no service manager does, and gives
// them to the next master when that one has died.
#pragma once

#include <string>
#include <vector>

namespace hupd::keeper {

// The name under which the program is executed to be a keeper: its arguments[0].
inline constexpr const char* program_name = "hupd-keeper";

// Of the socket at which the next master asks, in the directory of the one that has died.
inline constexpr const char* socket_name = "keeper.sock";

// Arguments for os::spawn_self. Its channel brings what keeper/message.hpp has.
std::vector<std::string> arguments();

// The process from its start to its end: the exit code.
int run(int argc, char** argv);

}  // namespace hupd::keeper
