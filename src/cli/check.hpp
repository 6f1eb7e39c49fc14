// `hupd check`: all that is wrong with a configuration, without touching a socket.
#pragma once

#include <iosfwd>
#include <string>

#include "config/load.hpp"

namespace hupd::cli {

// Prints a line for each app to `out`, or one for each fault to `err`. Returns the exit code.
// `config_path` empty: the options' overrides only.
int check(const std::string& config_path, const config::Options& options, std::ostream& out,
          std::ostream& err);

// "app web: 2 workers on 127.0.0.1:8080, library /srv/web/libweb.so"
std::string summary(const config::App& app);

}  // namespace hupd::cli
