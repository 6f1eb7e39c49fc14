#include "manual/manual.hpp"
#include "manual/values.hpp"

namespace hupd::manual {
namespace {

constexpr const char* head = R"sh(#compdef hupd
# zsh completion for hupd(1). Made from the program's own flags (tests/unit/manual): edit those.

# Apps of the running master: nothing, and no word, where there is none.
_hupd_apps() {
  local -a apps where
  local i
  for ((i = 2; i < $#_hupd_line; i++)); do
    case $_hupd_line[i] in
      --control=* | --config=* | */* | *.toml) where+=($_hupd_line[i]) ;;
      --control | --config) where+=($_hupd_line[i,i+1]); ((i++)) ;;
    esac
  done
  apps=(${(f)"$(_call_program apps ${(q)_hupd_line[1]} status --names ${(q)where} 2>/dev/null)"})
  _alternative "apps:app:($apps)" 'files:configuration:_files -g "*.toml"'
}

_hupd() {
  local curcontext="$curcontext" state ret=1
  local -a _hupd_line=($words) commands control
  control=(
)sh";

constexpr const char* after_control = R"sh(  )
  commands=(
)sh";

constexpr const char* after_commands = R"sh(  )
  _arguments -C $control \
)sh";

constexpr const char* after_flags = R"sh(    '1: :->command' '*:: :->arguments' && ret=0
  case $state in
    command) _describe -t commands command commands && ret=0 ;;
    arguments)
      curcontext="${curcontext%:*}-$words[1]:"
      case $words[1] in
)sh";

constexpr const char* tail = R"sh(      esac
      ;;
  esac
  return ret
}

_hupd "$@"
)sh";

std::string escaped(const std::string& text, const std::string& special) {
  std::string safe;
  for (const char c : text) {
    if (c == '\'') {
      safe += "'\\''";
    } else {
      safe += special.find(c) == std::string::npos ? std::string(1, c) : std::string("\\") + c;
    }
  }
  return safe;
}

std::string action_of(const Values& values) {
  switch (values.kind) {
    case Kind::Files:
      return "_files";
    case Kind::Users:
      return "_users";
    case Kind::Groups:
      return "_groups";
    case Kind::Choice:
      return "(" + joined(values.choices) + ")";
    case Kind::Nothing:
    case Kind::Anything:
      break;
  }
  return " ";
}

// '(-l --listen)'{-l+,--listen=}'[what it is]:ADDRESS:action'
std::string spec_of(const cli::Flag& flag) {
  const auto values = values_of(flag);
  const bool takes = values.kind != Kind::Nothing;
  std::vector<std::string> forms;
  for (const auto& name : flag.names) {
    forms.push_back(name + (!takes ? "" : name.starts_with("--") ? "=" : "+"));
  }
  std::string what = "[" + escaped(flag.doc, "[]") + "]";
  const std::string message = values.kind == Kind::Choice ? "one of" : flag.type;
  if (takes) what += ":" + escaped(message, ":") + ":" + action_of(values);
  const std::string before = flag.repeats ? "*" : "(" + joined(flag.names) + ")";
  if (forms.size() == 1) return "'" + before + forms[0] + what + "'";
  return "'" + before + "'{" + joined(forms, ",") + "}'" + what + "'";
}

std::string arguments_of(const cli::CommandText& command) {
  return takes_apps(command) ? "'*: :_hupd_apps'" : "'*:file:_files'";
}

}  // namespace

std::string zsh_completion() {
  const auto program = cli::describe_program();
  std::string control, commands, flags, arms;
  for (const auto& flag : program.flags) {
    (flag.names.front() == "--control" ? control : flags) +=
        "    " + spec_of(flag) + (flag.names.front() == "--control" ? "\n" : " \\\n");
  }
  for (const auto& command : program.commands) {
    commands += "    '" + command.name + ":" + escaped(command.doc, ":") + "'\n";
    arms += "        " + command.name + ")\n          _arguments $control \\\n";
    for (const auto& flag : command.flags) arms += "            " + spec_of(flag) + " \\\n";
    arms += "            " + arguments_of(command) + " && ret=0\n          ;;\n";
  }
  return head + control + after_control + commands + after_commands + flags + after_flags + arms +
         tail;
}

}  // namespace hupd::manual
