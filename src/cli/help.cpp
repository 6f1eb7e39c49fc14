#include "cli/help.hpp"

#include "cli/facts.hpp"
#include "cli/words.hpp"

namespace hupd::cli {
namespace {

constexpr std::size_t width = 80;

// A word, and beside it what it means; beneath, when it is long.
std::string entry(const std::string& word, const std::string& text, std::size_t column) {
  const std::string head = "  " + word;
  const bool is_long = head.size() + 1 >= column;
  return (is_long ? head + "\n" + std::string(column, ' ') : left(head, column)) +
         wrapped(text, width - column, column) + "\n";
}

std::string entry(const Fact& fact, std::size_t column) {
  return entry(fact.word, fact.text, column);
}

std::string options_of(const CommandText& command) {
  std::string text = "\nOptions:\n";
  for (const Flag& flag : command.flags) {
    text += entry(heading_of(flag), flag.doc + (flag.repeats ? "; may be repeated" : ""), 26);
  }
  return text;
}

}  // namespace

std::string heading_of(const Flag& flag) {
  std::string text;
  for (const auto& name : flag.names) text += (text.empty() ? "" : ", ") + name;
  return flag.type.empty() ? text : text + " " + flag.type;
}

std::string usage_of(const CommandText& command) {
  return "hupd " + command.name + " [OPTIONS]" +
         (command.arguments.empty() ? "" : " " + command.arguments);
}

std::string help_of(const CommandText& command) {
  std::string text = command.doc + "\n\nUsage: " + usage_of(command) + "\n";
  if (!command.about_arguments.empty()) text += wrapped(command.about_arguments, width, 0) + "\n";
  if (!command.more.empty()) text += "\n" + wrapped(command.more, width, 0) + "\n";
  return text + options_of(command);
}

std::string help_of(const Program& program) {
  std::string text = program.doc + "\n\nUsage: hupd COMMAND [OPTIONS] …\n\nCommands:\n";
  for (const auto& command : program.commands) text += entry(command.name, command.doc, 16);
  text += "\n`hupd COMMAND --help` tells more of each.\n" + options_of(program) + "\nExamples:\n";
  for (const Fact& example : examples) text += "  " + std::string(example.word) + "\n";
  text += "\nSignals to the master:\n";
  for (const Fact& signal : signals) text += entry(signal, 16);
  text += "\nExit codes:\n";
  for (const Fact& code : exit_codes) text += entry(code, 8);
  return text;
}

std::string Help::make_help(const CLI::App* app, std::string, CLI::AppFormatMode) const {
  if (app->get_parent() != nullptr) return help_of(describe(*app));
  Program program{describe(*app), {}};
  for (const CLI::App* command : app->get_subcommands({})) {
    program.commands.push_back(describe(*command));
  }
  return help_of(program);
}

}  // namespace hupd::cli
