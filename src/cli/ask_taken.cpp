// What was given on the command line, as a request.
#include <algorithm>
#include <charconv>
#include <string_view>

#include "cli/ask_given.hpp"
#include "config/units.hpp"

namespace hupd::cli {

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
// An upgrade's dry run alone may take 10 s, and is made again where the program is deployed
// meanwhile.
constexpr std::chrono::seconds longest_upgrade(30);
// What somebody who has pressed TAB waits.
constexpr std::chrono::seconds a_blink(1);

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
    case Abort:
      return true;
    case Upgrade:
    case Rollback:
    case Promote:
      return !ask.request.wait;
    case Wait:
    case Watch:
    case Stop:
      break;
  }
  return false;
}

std::optional<std::chrono::milliseconds> usual_timeout(const Ask& ask) {
  if (ask.names) return a_blink;
  if (is_answered_at_once(ask)) return longest_silence;
  if (ask.request.command == control::Command::Upgrade) return longest_upgrade;
  return std::nullopt;
}

}  // namespace

std::optional<tl::expected<Ask, std::string>> AskFlags::taken() const {
  const auto found = std::find_if(commands_.begin(), commands_.end(),
                                  [](const auto& one) { return one->parser->parsed(); });
  if (found == commands_.end()) return std::nullopt;
  const Given& given = **found;
  Ask ask = given.ask;
  ask.control_path = control_;
  ask.request.wait = !given.no_wait;
  ask.request.probation = !given.no_probation;
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
  if (!ask.timeout) ask.timeout = usual_timeout(ask);
  const bool takes_no_app = ask.request.command == control::Command::Stop ||
                            ask.request.command == control::Command::Upgrade ||
                            ask.request.command == control::Command::ReopenLogs;
  if (takes_no_app && !ask.request.apps.empty()) {
    return tl::unexpected("'" + ask.request.apps[0] + "': " + given.parser->get_name() +
                          " is for the whole master");
  }
  return ask;
}

}  // namespace hupd::cli
