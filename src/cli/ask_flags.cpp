#include "cli/ask_flags.hpp"

#include <memory>

#include "cli/ask_given.hpp"

namespace hupd::cli {

AskFlags::~AskFlags() = default;

AskFlags::Given& AskFlags::add(CLI::App& app, const char* name, control::Command command,
                               const char* text) {
  auto& given = *commands_.emplace_back(std::make_unique<Given>());
  given.parser = app.add_subcommand(name, text);
  given.ask.request.command = command;
  auto& parser = *given.parser;
  parser.footer("");
  parser.fallthrough();  // --control
  parser.add_option("words", given.words, "Apps; a configuration, to find the master by")
      ->type_name(" ");
  parser.add_option("--config", given.ask.config_path, "Configuration, to find the master by")
      ->type_name("FILE");
  parser
      .add_option("--timeout", given.timeout,
                  "Give up waiting after so long, such as 30s (10s where no "
                  "reload or end is waited for)")
      ->type_name("TIME");
  return given;
}

AskFlags::AskFlags(CLI::App& app, const std::string& control) : control_(control) {
  const auto json = [](Given& given) {
    given.parser->add_flag("--json", given.ask.json, "Lines of JSON, see src/control/schema");
  };
  const auto drained = [](Given& given) {
    given.parser->add_flag("--drained", given.ask.request.drained,
                           "Wait for the old workers' end, too");
  };
  using enum control::Command;
  auto& reload =
      add(app, "reload", Reload, "Reload all apps, or these alone; exits with the result");
  json(reload);
  drained(reload);
  const auto waits = [](Given& given) {
    given.parser->add_flag("--no-wait", given.no_wait, "Do not wait for the result");
    given.ask.request.steps = true;
  };
  const auto skips_probation = [](Given& given) {
    given.parser->add_flag("--no-probation", given.no_probation,
                           "Do not wait for the end of probation");
  };
  waits(reload);
  skips_probation(reload);
  reload.parser->add_flag("--changed", reload.ask.request.changed,
                          "Only apps whose library or configuration is another one");
  reload.parser->add_flag("--force", reload.ask.request.force,
                          "Also what has failed its probation before");
  auto& rollback = add(app, "rollback", Rollback, "Go back to the version that served before");
  json(rollback);
  drained(rollback);
  waits(rollback);
  rollback.parser->add_option("--to", rollback.ask.request.to, "Back to that of this generation")
      ->type_name("GENERATION");
  auto& promote = add(app, "promote", Promote, "A canary is well: let the others follow");
  json(promote);
  drained(promote);
  waits(promote);
  skips_probation(promote);
  json(add(app, "abort", Abort, "End the reload in flight; what serves goes on"));
  auto& wait =
      add(app, "wait", Wait, "Wait for the end of reloads under way; exits as reload does");
  json(wait);
  drained(wait);
  wait.ask.request.steps = true;
  skips_probation(wait);
  auto& status = add(app, "status", Status, "Apps, generations, workers and what they do");
  json(status);
  status.parser->add_flag("--watch", status.ask.watch, "Again each second");
  json(add(app, "history", History, "The last reloads and their results"));
  json(add(app, "watch", Watch, "The steps of reloads, as they are taken"));
  add(app, "scale", Scale, "APP N: so many workers, until the next reload");
  auto& stop = add(app, "stop", Stop, "Stop the master gracefully, and wait for its end");
  stop.parser->add_flag("--quick", stop.ask.request.quick, "At once");
  add(app, "logs-reopen", ReopenLogs, "Open the log file anew");
  add(app, "metrics", Status, "What status has, as OpenMetrics text").ask.metrics = true;
}

}  // namespace hupd::cli
