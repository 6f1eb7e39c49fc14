// What the command line asks for, as plain data that main acts on.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "cli/ask.hpp"
#include "config/load.hpp"

namespace hupd::cli {

// What to serve: a configuration file, flags, or both.
struct Target {
  std::string config_path;  // empty: flags only
  config::Overrides overrides;
};

struct Run : Target {};
struct Check : Target {};

// Nothing to do but to print and exit: help and version (0, standard output), or what is wrong with
// the command line (2, standard error).
struct Say {
  int exit_code = 0;
  std::string text;  // ends in a newline
};

using Command = std::variant<Run, Check, Ask, Say>;

// `arguments` without the program's name. Reads the head of positional arguments that exist, to
// tell a library from a configuration.
Command parse_command(std::vector<std::string> arguments);

}  // namespace hupd::cli
