#include "cli/ask_flags.hpp"

#include <memory>

#include "cli/ask_given.hpp"

namespace hupd::cli {

AskFlags::~AskFlags() = default;

namespace {

constexpr const char* finds = "A configuration is to find the master by.";

std::string about(const char* apps) { return apps + std::string(" ") + finds; }

}  // namespace

AskFlags::Given& AskFlags::add(CLI::App& app, const char* name, control::Command command,
                               const Words& words) {
  auto& given = *commands_.emplace_back(std::make_unique<Given>());
  given.parser = app.add_subcommand(name, words.text);
  given.ask.request.command = command;
  auto& parser = *given.parser;
  parser.footer(words.more);
  parser.fallthrough();  // --control
  parser.add_option("words", given.words, words.about)->type_name(words.arguments);
  parser.add_option("--config", given.ask.config_path, "A configuration, to find the master by")
      ->type_name("FILE");
  parser
      .add_option("--timeout", given.timeout,
                  "Give up waiting after so long, such as 30s (10s where no reload or end is "
                  "waited for, 30s for an upgrade)")
      ->type_name("TIME");
  return given;
}

AskFlags::AskFlags(CLI::App& app, const std::string& control) : control_(control) {
  add_reloads(app);
  add_views(app);
  add_orders(app);
}

void AskFlags::add_json(Given& given) {
  given.parser->add_flag("--json", given.ask.json, "Lines of JSON, see src/control/schema");
}

void AskFlags::add_waits(Given& given) {
  given.parser->add_flag("--drained", given.ask.request.drained,
                         "Wait for the old workers' end, too");
  given.parser->add_flag("--no-wait", given.no_wait, "Do not wait for the result");
  given.ask.request.steps = true;
}

void AskFlags::add_no_probation(Given& given) {
  given.parser->add_flag("--no-probation", given.no_probation,
                         "Do not wait for the end of probation");
}

// What begins or ends a reload.
void AskFlags::add_reloads(CLI::App& app) {
  using enum control::Command;
  auto& reload =
      add(app, "reload", Reload,
          {"Reload configuration and libraries; exits with the result", "[APP…] [CONF.toml]",
           about("Apps; none: all."),
           "It returns when the new workers serve and the old ones have begun to drain, after "
           "their probation where there is one. What ends the command does not end the reload."});
  add_json(reload), add_waits(reload), add_no_probation(reload);
  reload.parser->add_flag("--changed", reload.ask.request.changed,
                          "Only apps whose library or configuration is another one");
  reload.parser->add_flag("--force", reload.ask.request.force,
                          "Also what has failed its probation before");
  auto& rollback = add(app, "rollback", Rollback,
                       {"Go back to the version that served before", "[APP] [CONF.toml]",
                        about("The app has to be named where there are several."),
                        "Its file is not needed. While a reload is under way, that is what is "
                        "taken back."});
  add_json(rollback), add_waits(rollback);
  rollback.parser->add_option("--to", rollback.ask.request.to, "Back to that of this generation")
      ->check(CLI::Validator(CLI::PositiveNumber).description(""))  // no part of the type's name
      ->type_name("GENERATION");
  auto& promote = add(app, "promote", Promote,
                      {"A canary is well: let the other workers follow", "[APP] [CONF.toml]",
                       about("The app has to be named where there are several."), ""});
  add_json(promote), add_waits(promote), add_no_probation(promote);
  add_json(add(app, "abort", Abort,
               {"End the reload in flight; what serves goes on", "[APP] [CONF.toml]",
                about("The app has to be named where there are several."), ""}));
  auto& wait = add(app, "wait", Wait,
                   {"Wait for the end of reloads under way; exits as reload does",
                    "[APP…] [CONF.toml]", about("Apps; none: all."),
                    "For scripts that send HUP: a reload that was asked for before is waited for, "
                    "too."});
  add_json(wait);
  wait.parser->add_flag("--drained", wait.ask.request.drained,
                        "Wait for the old workers' end, too");
  wait.ask.request.steps = true;
  add_no_probation(wait);
}

// What only asks.
void AskFlags::add_views(CLI::App& app) {
  using enum control::Command;
  auto& status = add(app, "status", Status,
                     {"What is wrong; generations, workers and what they do", "[APP…] [CONF.toml]",
                      about("Apps; none: all."), ""});
  add_json(status);
  status.parser->add_flag("--watch", status.ask.watch, "Again each second");
  status.parser->add_flag("--names", status.ask.names, "Names of apps, for completions")
      ->group("");  // hidden: for scripts
  add_json(add(app, "history", History,
               {"The last reloads and their results, and who served when", "[APP…] [CONF.toml]",
                about("Apps; none: all."), ""}));
  add_json(add(app, "watch", Watch,
               {"The steps of reloads, as they are taken", "[APP…] [CONF.toml]",
                about("Apps; none: all."), ""}));
  add(app, "metrics", Status,
      {"What status has, as OpenMetrics text", "[APP…] [CONF.toml]", about("Apps; none: all."), ""})
      .ask.metrics = true;
}

void AskFlags::add_orders(CLI::App& app) {
  using enum control::Command;
  add(app, "scale", Scale,
      {"So many workers, until the next reload", "APP N [CONF.toml]",
       about("An app, and the number of its workers."), ""});
  auto& stop = add(app, "stop", Stop,
                   {"Stop the master gracefully, and wait for its end", "[CONF.toml]", finds, ""});
  stop.parser->add_flag("--quick", stop.ask.request.quick, "At once");
  auto& upgrade =
      add(app, "upgrade", Upgrade,
          {"Put the hupd that is on disk now in the master's place", "[CONF.toml]", finds,
           "The process stays, with its workers and sockets, and no request fails; "
           "workers get the new hupd with the next reload. One that cannot take over is "
           "refused, and the master goes on."});
  add_json(upgrade);
  upgrade.parser->add_flag("--no-wait", upgrade.no_wait, "Do not wait for the result");
  add(app, "logs-reopen", ReopenLogs, {"Open the log file anew", "[CONF.toml]", finds, ""});
}

}  // namespace hupd::cli
