#include "manual/manual.hpp"
#include "manual/values.hpp"

namespace hupd::manual {
namespace {

constexpr const char* head =
    R"sh(# fish completion for hupd(1). Made from the program's own flags (tests/unit/manual): edit those.

# Words of the command line without flags and their values: the command first.
function __hupd_words
    set -l skip
    for word in (commandline -opc)[2..-1]
        if test -n "$skip"
            set skip
            continue
        end
        switch $word
            case )sh";

constexpr const char* functions = R"sh(
                set skip 1
            case '-*'
            case '*'
                echo -- $word
        end
    end
end

# Has one of these commands been given? Without any: has none?
function __hupd_command
    set -l words (__hupd_words)
    test (count $argv) = 0; and test (count $words) = 0; and return 0
    test (count $words) != 0; and contains -- $words[1] $argv
end

# Apps of the running master: nothing, and no word, where there is none.
function __hupd_apps
    set -l tokens (commandline -opc)
    set -l where
    for i in (seq 2 (count $tokens))
        switch $tokens[$i]
            case '--control=*' '--config=*' '*/*' '*.toml'
                set where $where $tokens[$i]
            case --control --config
                set where $where $tokens[$i] $tokens[(math $i + 1)]
        end
    end
    $tokens[1] status --names $where 2>/dev/null
end

complete -c hupd -f
)sh";

std::string quoted(const std::string& text) {
  std::string safe = "'";
  for (const char c : text)
    safe += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return safe + "'";
}

std::string action_of(const Values& values) {
  switch (values.kind) {
    case Kind::Nothing:
      return "";
    case Kind::Files:
      return " -r -F";
    case Kind::Users:
      return " -x -a '(__fish_complete_users)'";
    case Kind::Groups:
      return " -x -a '(__fish_complete_groups)'";
    case Kind::Choice:
      return " -x -a " + quoted(joined(values.choices));
    case Kind::Anything:
      break;
  }
  return " -x";
}

std::string line_of(const cli::Flag& flag, const std::string& condition) {
  std::string line = "complete -c hupd" + condition;
  for (const auto& name : flag.names) {
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  return line + action_of(values_of(flag)) + " -d " + quoted(flag.doc) + "\n";
}

}  // namespace

std::string fish_completion() {
  const auto program = cli::describe_program();
  std::string skipped;
  for (const auto& [name, flag] : all_flags(program)) {
    if (values_of(flag).kind != Kind::Nothing) skipped += (skipped.empty() ? "" : " ") + name;
  }
  std::string text = head + skipped + functions;
  for (const auto& flag : program.flags) {
    const bool is_everywhere = flag.names.front() == "--control";
    text += line_of(flag, is_everywhere ? "" : " -n __hupd_command");
  }
  for (const auto& command : program.commands) {
    text += "\ncomplete -c hupd -n __hupd_command -a " + command.name + " -d " +
            quoted(command.doc) + "\n";
    const std::string condition = " -n '__hupd_command " + command.name + "'";
    for (const auto& flag : command.flags) text += line_of(flag, condition);
  }
  const std::string apps = "'__hupd_command " + joined(names_of(program, takes_apps)) + "'";
  text += "\ncomplete -c hupd -n " + apps + " -a '(__hupd_apps)' -d App\n";
  text += "complete -c hupd -n " + apps + " -k -a '(__fish_complete_suffix .toml)'\n";
  text +=
      "complete -c hupd -n '__hupd_command " + joined(names_of(program, takes_library)) + "' -F\n";
  return text;
}

}  // namespace hupd::manual
