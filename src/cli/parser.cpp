#include "cli/parser.hpp"

#include <memory>

#include "cli/help.hpp"

namespace hupd::cli {
namespace {

void add_flags(CLI::App& command, std::vector<std::string>& files, config::Overrides& to) {
  command.fallthrough();  // --control
  command.add_option("files", files, "A configuration, an application's library, or both.")
      ->type_name("[CONF.toml] [LIB.so]")
      ->expected(0, 2);
  const auto add = [&command](const char* names, auto& value, const char* type, const char* text) {
    return command.add_option(names, value, text)->type_name(type)->allow_extra_args(false);
  };
  add("-l,--listen", to.listen, "ADDRESS",
      "127.0.0.1:8080, [::]:8080, :8080, unix:PATH or systemd:NAME");
  add("-w,--workers", to.workers, "N", "Worker processes, or \"auto\": one per CPU");
  add("--user", to.user, "USER", "Workers run as this user");
  add("--group", to.group, "GROUP", "Workers run as this group");
  add("--pid-file", to.pid_file, "FILE", "Write the master's process id there");
  add("--log-level", to.log_level, "debug|info|warning|error",
      "The least important lines to write");
  add("--log-format", to.log_format, "text|json", "Lines of text, or JSON objects");
  add("--log-file", to.log_file, "FILE", "Append the log there instead of standard error");
  add("--trusted-user", to.trusted_users, "USER",
      "For root: USER may own the configuration and the libraries, too");
  add("--trusted-group", to.trusted_groups, "GROUP",
      "For root: GROUP may write the configuration and the libraries, too");
  command.add_flag("--no-ownership-check", to.no_ownership_check,
                   "For root: take them whoever may write them");
  add("--set", to.set, "KEY=VALUE", "Any key of the configuration, such as app.web.workers=4");
}

// Before any command is added: they inherit what is said here.
CLI::App& prepared(CLI::App& app, std::string& control) {
  app.formatter(std::make_shared<Help>());
  app.set_version_flag("--version", "hupd " HUPD_VERSION, "Print the version");
  app.set_help_flag("-h,--help", "Print this help");
  app.add_option("--control", control, "The master's control socket, to make or to find it")
      ->type_name("PATH");
  return app;
}

CLI::App& add_command(CLI::App& app, const char* name, const char* text, const char* more) {
  CLI::App& command = *app.add_subcommand(name, text);
  command.footer(more);
  return command;
}

}  // namespace

Parser::Parser()
    : app("Pre-fork supervisor that reloads an application's code without losing a request",
          "hupd"),
      run(add_command(prepared(app, control), "run", "Serve applications in the foreground",
                      "Flags win over the configuration. With a library and no configuration, the "
                      "app is called web.")),
      check(add_command(app, "check", "Report all that is wrong with a configuration",
                        "Nothing else is done: no socket is opened, and no library loaded.")),
      asks(app, control) {
  for (CLI::App* command : {&run, &check}) add_flags(*command, files, overrides);
}

std::vector<const CLI::App*> Parser::commands() const { return app.get_subcommands({}); }

}  // namespace hupd::cli
