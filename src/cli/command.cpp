#include "cli/command.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "cli/ask_flags.hpp"
#include "cli/library_file.hpp"

namespace hupd::cli {
namespace {

constexpr int exit_usage = 2;

constexpr const char* examples = R"(Examples:
  hupd run --listen 127.0.0.1:8080 --workers 2 libweb.so
  hupd run hupd.toml
  hupd run hupd.toml --set app.web.drain_timeout=5s
  hupd check hupd.toml
  hupd reload && echo deployed
  hupd status --watch

Signals: HUP reload, TERM stop gracefully, INT stop at once, USR1 reopen logs,
TTIN and TTOU one worker more or fewer, WINCH end the workers but not the master.
Exit codes: 0 done; 1 the application failed to start, or the reload was rejected; 2 wrong usage,
configuration or library; 3 no such master or app; 4 timed out; 5 no permission.
)";

// CLI11 would write the positional arguments as "[files(0x)]".
struct Formatter : CLI::Formatter {
  std::string make_usage(const CLI::App* app, std::string name) const override {
    if (app->get_parent() == nullptr) return "\nUsage: hupd COMMAND [OPTIONS] …\n\n";
    if (app->get_name() != "run" && app->get_name() != "check") {
      return "\nUsage: " + name + " [OPTIONS] [APP…] [CONF.toml]\n\n";
    }
    return "\nUsage: " + name + " [OPTIONS] [CONF.toml] [LIB.so]\n\n";
  }
};

// The flags as CLI11 fills them in.
struct Flags {
  std::vector<std::string> files;
  config::Overrides overrides;
};

void add_flags(CLI::App& command, Flags& flags) {
  config::Overrides& to = flags.overrides;
  command.add_option("files", flags.files, "Configuration file, application library, or both")
      ->type_name(" ")
      ->expected(0, 2);
  const auto add = [&command](const char* names, auto& value, const char* type, const char* text) {
    return command.add_option(names, value, text)->type_name(type)->allow_extra_args(false);
  };
  add("-l,--listen", to.listen, "ADDRESS",
      "127.0.0.1:8080, [::]:8080, :8080, unix:PATH or systemd:NAME; may be repeated");
  add("-w,--workers", to.workers, "N", "Worker processes, or \"auto\": one per CPU");
  add("--user", to.user, "USER", "Workers run as this user");
  add("--group", to.group, "GROUP", "Workers run as this group");
  add("--pid-file", to.pid_file, "FILE", "Write the master's process id there");
  add("--log-level", to.log_level, "LEVEL", "debug, info, warning or error");
  add("--log-format", to.log_format, "FORMAT", "text or json");
  add("--log-file", to.log_file, "FILE", "Append the log there instead of standard error");
  add("--set", to.set, "KEY=VALUE", "Any key of the configuration; may be repeated");
}

Say usage(const std::string& text) {
  return {exit_usage, "hupd: " + text + "\nSee hupd --help.\n"};
}

bool is_command(CLI::App& app, const std::string& word) {
  const auto named = [&word](CLI::App* command) { return command->check_name(word); };
  return !app.get_subcommands(named).empty();
}

std::string commands_of(const CLI::App& app) {
  std::string names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names += (names.empty() ? "" : ", ") + command->get_name();
  }
  return names;
}

// Tells the library from the configuration among the positional arguments.
template <typename T>
Command target(const char* name, const Flags& flags) {
  T command{{"", flags.overrides}};
  for (const std::string& file : flags.files) {
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

Command parse_with(CLI::App& app, std::vector<std::string> arguments) {
  app.set_version_flag("--version", "hupd " HUPD_VERSION, "Print the version");
  app.set_help_flag("-h,--help", "Print this help");
  app.formatter(std::make_shared<Formatter>());
  app.footer(examples);

  std::string control;
  app.add_option("--control", control, "The master's control socket, to make or to find it")
      ->type_name("PATH");
  const std::string first = arguments.empty() ? "" : arguments.front();
  Flags flags;
  CLI::App& run = *app.add_subcommand("run", "Serve an application in the foreground");
  CLI::App& check =
      *app.add_subcommand("check", "Report all that is wrong with a configuration, and do nothing");
  for (CLI::App* command : {&run, &check}) {
    command->footer("");
    command->fallthrough();  // --control
    add_flags(*command, flags);
  }
  const AskFlags asks(app, control);
  if (!first.empty() && first[0] != '-' && !is_command(app, first)) {
    return usage("unknown command '" + first + "': the commands are " + commands_of(app));
  }
  try {
    std::ranges::reverse(arguments);  // CLI11 takes them from the back
    app.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    return Say{0, app.help()};
  } catch (const CLI::CallForVersion&) {
    return Say{0, app.version() + "\n"};
  }
  if (const auto asked = asks.taken()) {
    if (!*asked) return usage(asked->error());
    return **asked;
  }
  if (!run.parsed() && !check.parsed())
    return usage("a command is missing, one of " + commands_of(app));
  if (!control.empty()) flags.overrides.control = control;
  return run.parsed() ? target<Run>("run", flags) : target<Check>("check", flags);
}

}  // namespace

Command parse_command(std::vector<std::string> arguments) {
  try {
    CLI::App app("Pre-fork supervisor that reloads an application's code without losing a request",
                 "hupd");
    return parse_with(app, std::move(arguments));
  } catch (const CLI::Error& error) {
    return usage(error.what());
  }
}

}  // namespace hupd::cli
