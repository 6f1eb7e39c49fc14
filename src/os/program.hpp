// The file of this program, and another program in the place of this one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "os/process.hpp"

namespace hupd::os {

// Where this program's next version will be: the name that it was started by, absolute, if that is
// the file that runs (it may be a link that deploys move), else the file itself. To be asked when
// the program starts. `name` is argv[0].
std::string program_file(const std::string& name);

// Descriptors that the next program is to have, or is not to have after all.
void set_kept_on_exec(const std::vector<int>& fds, bool kept);

// Another program in this process, with what this one has: its id, its children, signals that wait.
// Returns only when that failed; then nothing has changed.
Error become_program(const std::string& path, const std::vector<std::string>& arguments,
                     const std::map<std::string, std::string>& added_to_environment);

// The number in a variable of the environment, which is removed from it.
std::optional<int> take_number_from_environment(const char* variable);

}  // namespace hupd::os
