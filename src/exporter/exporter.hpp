// The process that serves the metrics over HTTP, so that the master need not. It is a control
// client of the master's, over a socket that it was born with, and may only ask.
#pragma once

#include <string>
#include <vector>

namespace hupd::exporter {

// The name under which the program is executed to be an exporter: its arguments[0].
inline constexpr const char* program_name = "hupd-exporter";

// Arguments for os::spawn_self. `user`: whom it runs as; empty: unchanged. Its channel brings
// wire::Listeners, as many as it takes, then wire::Accept with the stream to the master's control
// server. The end of the channel is the order to leave.
std::vector<std::string> arguments(const std::string& user);

// The process from its start to its end: the exit code.
int run(int argc, char** argv);

}  // namespace hupd::exporter
