#include "cli/command.hpp"

#include <algorithm>

#include "cli/library_file.hpp"
#include "cli/parser.hpp"

namespace hupd::cli {
namespace {

constexpr int exit_usage = 2;

Say usage(const std::string& text) {
  return {exit_usage, "hupd: " + text + "\nSee hupd --help.\n"};
}

bool is_command(const Parser& parser, const std::string& word) {
  const auto commands = parser.commands();
  return std::ranges::any_of(commands, [&](const auto* one) { return one->check_name(word); });
}

std::string commands_of(const Parser& parser) {
  std::string names;
  for (const CLI::App* command : parser.commands()) {
    names += (names.empty() ? "" : ", ") + command->get_name();
  }
  return names;
}

// Tells the library from the configuration among the positional arguments.
template <typename T>
Command target(const char* name, const Parser& parser) {
  T command{{"", parser.overrides}};
  for (const std::string& file : parser.files) {
    if (is_library_argument(file)) {
      if (command.overrides.library) return usage(file + ": only one library can be named");
      command.overrides.library = file;
    } else {
      if (!command.config_path.empty())
        return usage(file + ": only one configuration can be named");
      command.config_path = file;
    }
  }
  if (command.config_path.empty() && !command.overrides.library) {
    const std::string start = std::string("hupd ") + name;
    return usage(std::string(name) + " needs a configuration or a library: " + start +
                 " hupd.toml, or " + start + " --listen 127.0.0.1:8080 libweb.so");
  }
  return command;
}

Command parse_with(Parser& parser, std::vector<std::string> arguments) {
  const std::string first = arguments.empty() ? "" : arguments.front();
  if (!first.empty() && first[0] != '-' && !is_command(parser, first)) {
    return usage("unknown command '" + first + "': the commands are " + commands_of(parser));
  }
  try {
    std::ranges::reverse(arguments);  // CLI11 takes them from the back
    parser.app.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    return Say{0, parser.app.help()};
  } catch (const CLI::CallForVersion&) {
    return Say{0, parser.app.version() + "\n"};
  }
  if (const auto asked = parser.asks.taken()) {
    if (!*asked) return usage(asked->error());
    return **asked;
  }
  if (!parser.run.parsed() && !parser.check.parsed()) {
    return usage("a command is missing, one of " + commands_of(parser));
  }
  if (!parser.control.empty()) parser.overrides.control = parser.control;
  return parser.run.parsed() ? target<Run>("run", parser) : target<Check>("check", parser);
}

}  // namespace

Command parse_command(std::vector<std::string> arguments) {
  try {
    Parser parser;
    return parse_with(parser, std::move(arguments));
  } catch (const CLI::Error& error) {
    return usage(error.what());
  }
}

}  // namespace hupd::cli
