#include "manual/manual.hpp"
#include "manual/values.hpp"

namespace hupd::manual {
namespace {

constexpr const char* head =
    R"sh(# bash completion for hupd(1). Made from the program's own flags (tests/unit/manual): edit those.

# "--flag=value" comes in three words, which are taken for two.
_hupd() {
  local words=() i
  for ((i = 1; i <= COMP_CWORD; i++)); do
    if [[ ${COMP_WORDS[i]} != = ]]; then
      words+=("${COMP_WORDS[i]}")
    elif ((i == COMP_CWORD)); then
      words+=('')
    fi
  done
  local last=$((${#words[@]} - 1)) command='' where=()
  local cur=${words[last]} prev=''
  ((last == 0)) || prev=${words[last - 1]}
  for ((i = 0; i < last; i++)); do
    case ${words[i]} in
      --control | --config)
        ((i + 1 == last)) || where+=("${words[i]}" "${words[i + 1]}")
        ((i++))
        ;;
)sh";

constexpr const char* middle = R"sh(      -*) ;;
      */* | *.toml) where+=("${words[i]}") ;;
      *) [[ -n $command ]] || command=${words[i]} ;;
    esac
  done

  COMPREPLY=()
  case $prev in
)sh";

constexpr const char* flags_begin = R"sh(  esac
  if [[ $cur == -* ]]; then
    case $command in
)sh";

constexpr const char* arguments_begin = R"sh(    esac
    return
  fi
  case $command in
)sh";

constexpr const char* tail = R"sh(  esac
}

_hupd_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

_hupd_files() {
  mapfile -t COMPREPLY < <(compgen -f -- "$1")
  compopt -o filenames 2>/dev/null
}

# Apps of the running master: nothing, and no word, where there is none.
_hupd_apps() {
  local cur=$1
  shift
  mapfile -t COMPREPLY < <(
    compgen -W "$("${COMP_WORDS[0]}" status --names "$@" 2>/dev/null)" -- "$cur"
    compgen -f -X '!*.toml' -- "$cur"
    compgen -d -- "$cur"
  )
  compopt -o filenames 2>/dev/null
}

complete -F _hupd hupd
)sh";

std::string action_of(const Values& values) {
  switch (values.kind) {
    case Kind::Files:
      return "_hupd_files \"$cur\"";
    case Kind::Users:
      return "mapfile -t COMPREPLY < <(compgen -u -- \"$cur\")";
    case Kind::Groups:
      return "mapfile -t COMPREPLY < <(compgen -g -- \"$cur\")";
    case Kind::Choice:
      return "_hupd_words '" + joined(values.choices) + "' \"$cur\"";
    case Kind::Nothing:
    case Kind::Anything:
      break;
  }
  return ":";
}

std::string arm(const std::string& pattern, const std::string& action) {
  return pattern + ") " + action + " ;;\n";
}

std::vector<std::string> flag_names(const cli::CommandText& command) {
  std::vector<std::string> names;
  for (const auto& flag : command.flags)
    names.insert(names.end(), flag.names.begin(), flag.names.end());
  return names;
}

}  // namespace

std::string bash_completion() {
  const auto program = cli::describe_program();
  std::string skipped, values;
  for (const auto& [name, flag] : all_flags(program)) {
    const auto taken = values_of(flag);
    if (taken.kind == Kind::Nothing) continue;
    values += "    " + arm(name, action_of(taken) + "; return");
    if (name == "--control" || name == "--config") continue;
    skipped += (skipped.empty() ? "" : " | ") + name;
  }
  std::string text = head + ("      " + arm(skipped, "((i++))")) + middle + values + flags_begin;
  const auto add_flags = [&text](const std::string& pattern, const std::string& names) {
    text += "      " + arm(pattern, "_hupd_words '" + names + "' \"$cur\"");
  };
  add_flags("''", joined(flag_names(program)));
  for (const auto& command : program.commands) {
    add_flags(command.name, joined(flag_names(command)) + " --control");
  }
  text += arguments_begin;
  text += "    " + arm("''", "_hupd_words '" + joined(names_of(program, nullptr)) + "' \"$cur\"");
  text += "    " +
          arm(joined(names_of(program, takes_apps), " | "), "_hupd_apps \"$cur\" \"${where[@]}\"");
  return text + "    " + arm("*", "_hupd_files \"$cur\"") + tail;
}

}  // namespace hupd::manual
