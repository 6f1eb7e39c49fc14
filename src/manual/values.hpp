// What may stand where, for the shells.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/describe.hpp"

namespace hupd::manual {

enum class Kind { Nothing, Files, Users, Groups, Choice, Anything };

struct Values {
  Kind kind = Kind::Nothing;  // a flag without a value
  std::vector<std::string> choices;
};
Values values_of(const cli::Flag& flag);

// Every flag of the program by its name; in all commands that have it, it takes the same.
std::map<std::string, cli::Flag> all_flags(const cli::Program& program);

bool takes_apps(const cli::CommandText& command);
bool takes_library(const cli::CommandText& command);

// "run check"
std::string joined(const std::vector<std::string>& words, const std::string& between = " ");
std::vector<std::string> names_of(const cli::Program& program,
                                  bool (*which)(const cli::CommandText&));

}  // namespace hupd::manual
