#include "manual/values.hpp"

#include <sstream>

namespace hupd::manual {

Values values_of(const cli::Flag& flag) {
  if (flag.type.empty()) return {};
  if (flag.type == "FILE" || flag.type == "PATH") return {Kind::Files, {}};
  if (flag.type == "USER") return {Kind::Users, {}};
  if (flag.type == "GROUP") return {Kind::Groups, {}};
  if (flag.type.find('|') == std::string::npos) return {Kind::Anything, {}};
  Values values{Kind::Choice, {}};
  std::istringstream choices(flag.type);
  for (std::string one; std::getline(choices, one, '|');) values.choices.push_back(one);
  return values;
}

std::map<std::string, cli::Flag> all_flags(const cli::Program& program) {
  std::map<std::string, cli::Flag> flags;
  const auto add = [&flags](const cli::CommandText& command) {
    for (const auto& flag : command.flags) {
      for (const auto& name : flag.names) flags.emplace(name, flag);
    }
  };
  add(program);
  for (const auto& command : program.commands) add(command);
  return flags;
}

bool takes_apps(const cli::CommandText& command) {
  return command.arguments.find("APP") != std::string::npos;
}

bool takes_library(const cli::CommandText& command) {
  return command.arguments.find("LIB.so") != std::string::npos;
}

std::string joined(const std::vector<std::string>& words, const std::string& between) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

std::vector<std::string> names_of(const cli::Program& program,
                                  bool (*which)(const cli::CommandText&)) {
  std::vector<std::string> names;
  for (const auto& command : program.commands) {
    if (which == nullptr || which(command)) names.push_back(command.name);
  }
  return names;
}

}  // namespace hupd::manual
