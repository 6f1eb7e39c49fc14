// Child processes: starting this program again, and signalling by pidfd.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "os/fd.hpp"
#include "os/result.hpp"

namespace hupd::os {

using Pid = int;
using Environment = std::vector<std::string>;  // "KEY=value"

Pid own_pid();
Result<Fd> own_pidfd();  // readable when this process has ended, also for others

// This process's environment without the variables that belong to it alone (NOTIFY_SOCKET,
// WATCHDOG_*, LISTEN_*: a child that inherited them could speak for the service), plus `added`.
Environment child_environment(const std::map<std::string, std::string>& added);

// Orphaned descendants become this process's children.
Result<void> become_subreaper();

struct Spawned {
  Pid pid = 0;
  Fd pidfd;
};

// The descriptor under which a program started by spawn_self finds its channel.
inline constexpr int inherited_channel_fd = 3;
Fd take_inherited_channel();

// Executes this very program (/proc/self/exe, also when the file was replaced) with `arguments`;
// arguments[0] is its name. Standard input is /dev/null, output and error are `output`, and
// `channel` becomes descriptor 3. The child leads a process group of its own, so that a ^C at the
// terminal reaches the master only. All signals have their default action.
Result<Spawned> spawn_self(const std::vector<std::string>& arguments,
                           const Environment& environment, int channel, int output);

// Executes the program at `path`: standard input is `input`, output and error are `output`, no
// other descriptor is passed on. A process group of its own and signals are as above.
Result<Spawned> spawn_program(const std::string& path, const std::vector<std::string>& arguments,
                              const Environment& environment, int input, int output);

enum class Signal { Term, Abort, Kill };
int signal_number(Signal signal);
Result<void> send_signal(int pidfd, Signal signal);  // ESRCH: it was reaped already

// All of a process group whose leader has not been reaped: until then the number is nobody else's.
void kill_group(Pid leader);

bool has_ended(int pidfd);  // also a process that is not this one's child

// The child is killed when its parent dies. False: the parent was gone before.
bool die_with_parent(Pid expected_parent);

}  // namespace hupd::os
