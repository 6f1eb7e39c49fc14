#include "cli/ask.hpp"

#include <ostream>
#include <thread>

#include "cli/conversation.hpp"
#include "cli/exit_codes.hpp"
#include "os/control_place.hpp"

namespace hupd::cli {
namespace {

using Clock = std::chrono::steady_clock;

Asked<std::string> find_socket(const Ask& command, const config::Options& options) {
  if (!command.control_path.empty()) return command.control_path;
  std::string path;
  if (!command.config_path.empty()) {
    const auto settings = config::load(command.config_path, options);
    if (!settings) {
      std::string text = "--control would find the master without this configuration";
      for (const auto& fault : settings.error()) text += "\n" + fault.describe();
      return tl::unexpected(Failure{exit_usage, text});
    }
    path = settings->master.control.path;
  }
  if (path.empty()) path = os::usual_control_path();
  if (!path.empty()) return path;
  return tl::unexpected(
      Failure{exit_no_master, "there is no usual place for a control socket: use --control PATH"});
}

// What was asked for, and has not been answered yet.
const char* goes_on(control::Command command) {
  if (command == control::Command::Reload) return "; the reload goes on: hupd wait";
  if (command == control::Command::Upgrade) return "; the upgrade goes on: the log has its result";
  return "";
}

Asked<int> try_ask(const Ask& command, const config::Options& options, const Screen& screen) {
  const auto deadline = command.timeout ? Deadline(Clock::now() + *command.timeout) : Deadline();
  const auto path = find_socket(command, options);
  if (!path) return tl::unexpected(path.error());
  auto connection = Connection::open(*path, deadline);
  if (!connection) return tl::unexpected(connection.error());
  Conversation conversation(command, *connection, screen, deadline);
  for (;;) {
    auto code = conversation.hold();
    const bool is_late = !code && code.error().exit_code == exit_timed_out;
    if (is_late && conversation.is_under_way()) {
      code.error().text += goes_on(command.request.command);
    }
    const bool again = code && *code == exit_done && command.watch;
    if (!again || command.request.command != control::Command::Status) return code;
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}

}  // namespace

int ask(const Ask& command, const config::Options& options, const Screen& screen) {
  const auto code = try_ask(command, options, screen);
  if (code) return *code;
  if (command.names) return code.error().exit_code;
  screen.err << "hupd: " << code.error().text << '\n';
  return code.error().exit_code;
}

}  // namespace hupd::cli
