#include "cli/ask_flags.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "config/units.hpp"

namespace hupd::cli {

// One command, with its flags as CLI11 fills them in.
struct AskFlags::Given {
  CLI::App* parser = nullptr;
  Ask ask;
  std::vector<std::string> words;
  std::string timeout;
  bool no_wait = false;
};

namespace {

using Fault = std::string;

// App names have neither.
bool is_configuration(const std::string& word) {
  return word.find('/') != std::string::npos || word.ends_with(".toml");
}

tl::expected<void, Fault> sort_words(const std::vector<std::string>& words, Ask& ask) {
  for (const auto& word : words) {
    if (!is_configuration(word)) {
      ask.request.apps.push_back(word);
    } else if (ask.config_path.empty()) {
      ask.config_path = word;
    } else {
      return tl::unexpected(word + ": only one configuration can be named");
    }
  }
  return {};
}

// The last word is the number.
tl::expected<void, Fault> take_number(std::vector<std::string>& apps, Ask& ask) {
  std::uint32_t number = 0;
  const std::string text = apps.empty() ? "" : apps.back();
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = read.ec == std::errc() && read.ptr == text.data() + text.size();
  if (apps.size() != 2 || !is_number || number > 1024) {
    return tl::unexpected(Fault("scale takes an app and a number of workers: hupd scale web 4"));
  }
  ask.request.workers = number;
  apps.pop_back();
  return {};
}

// What a master that is not stuck has answered long before.
constexpr std::chrono::seconds longest_silence(10);

bool is_answered_at_once(const Ask& ask) {
  using enum control::Command;
  switch (ask.request.command) {
    case Status:
      return !ask.watch;
    case Reload:
      return !ask.request.wait;
    case History:
    case Scale:
    case ReopenLogs:
      return true;
    case Wait:
    case Watch:
    case Stop:
      break;
  }
  return false;
}

}  // namespace

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
  reload.parser->add_flag("--no-wait", reload.no_wait, "Do not wait for the result");
  reload.ask.request.steps = true;
  auto& wait =
      add(app, "wait", Wait, "Wait for the end of reloads under way; exits as reload does");
  json(wait);
  drained(wait);
  wait.ask.request.steps = true;
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

std::optional<tl::expected<Ask, std::string>> AskFlags::taken() const {
  const auto found = std::find_if(commands_.begin(), commands_.end(),
                                  [](const auto& one) { return one->parser->parsed(); });
  if (found == commands_.end()) return std::nullopt;
  const Given& given = **found;
  Ask ask = given.ask;
  ask.control_path = control_;
  ask.request.wait = !given.no_wait;
  if (const auto sorted = sort_words(given.words, ask); !sorted) {
    return tl::unexpected(sorted.error());
  }
  if (ask.request.command == control::Command::Scale) {
    const auto number = take_number(ask.request.apps, ask);
    if (!number) return tl::unexpected(number.error());
  }
  if (!given.timeout.empty()) {
    const auto timeout = config::parse_duration(given.timeout);
    if (!timeout) return tl::unexpected("--timeout " + given.timeout + ": " + timeout.error());
    ask.timeout = *timeout;
  }
  if (!ask.timeout && is_answered_at_once(ask)) ask.timeout = longest_silence;
  const bool takes_no_app = ask.request.command == control::Command::Stop ||
                            ask.request.command == control::Command::ReopenLogs;
  if (takes_no_app && !ask.request.apps.empty()) {
    return tl::unexpected("'" + ask.request.apps[0] + "': " + given.parser->get_name() +
                          " is for the whole master");
  }
  return ask;
}

}  // namespace hupd::cli
