#include "cli/describe.hpp"

#include <CLI/CLI.hpp>

#include "cli/parser.hpp"

namespace hupd::cli {
namespace {

Flag flag_of(const CLI::Option& option) {
  Flag flag;
  for (const auto& name : option.get_snames()) flag.names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) flag.names.push_back("--" + name);
  if (option.get_items_expected_max() > 0) flag.type = option.get_type_name();
  flag.repeats = !flag.type.empty() && option.get_expected_max() > 1;
  flag.doc = option.get_description();
  return flag;
}

}  // namespace

CommandText describe(const CLI::App& command) {
  CommandText text{command.get_name(), command.get_description(), "", "", command.get_footer(), {}};
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_positional()) {
      text.arguments = option->get_type_name();
      text.about_arguments = option->get_description();
    } else if (!option->get_group().empty()) {  // what is hidden has none
      text.flags.push_back(flag_of(*option));
    }
  }
  return text;
}

Program describe_program() {
  const Parser parser;
  Program program{describe(parser.app), {}};
  for (const CLI::App* command : parser.commands()) program.commands.push_back(describe(*command));
  return program;
}

}  // namespace hupd::cli
