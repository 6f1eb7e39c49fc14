// `hupd check`: all that is wrong with a configuration, without touching a socket.
#pragma once

#include <cstdint>
#include <iosfwd>

#include "cli/command.hpp"

namespace hupd::cli {

// Prints a line for each app to `out`, or one for each fault to `err`. Returns the exit code.
int check(const Check& command, std::uint32_t cpus, std::ostream& out, std::ostream& err);

// "app web: 2 workers on 127.0.0.1:8080, library /srv/web/libweb.so"
std::string summary(const config::App& app);

}  // namespace hupd::cli
