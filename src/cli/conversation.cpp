#include "cli/conversation.hpp"

#include <ostream>
#include <utility>

#include "cli/exit_codes.hpp"
#include "cli/history_view.hpp"
#include "cli/reload_view.hpp"
#include "cli/status_view.hpp"
#include "cli/timeline.hpp"
#include "cli/words.hpp"
#include "control/usage.hpp"
#include "metrics/families.hpp"

namespace hupd::cli {
namespace {

int exit_code_of(control::Problem problem) {
  switch (problem) {
    case control::Problem::Request:
      return exit_usage;
    case control::Problem::Permission:
      return exit_no_permission;
    case control::Problem::UnknownApp:
    case control::Problem::Busy:
      return exit_no_master;
    case control::Problem::Stopping:
    case control::Problem::Impossible:
      return exit_rejected;
  }
  return exit_usage;
}

bool is_good(const control::Reload& reload) {
  return reload.outcome == control::Outcome::Done || reload.outcome == control::Outcome::Unchanged;
}

// Behind its acceptance comes what becomes of it.
bool has_more(const control::Request& request) {
  using enum control::Command;
  switch (request.command) {
    case Reload:
    case Rollback:
    case Promote:
    case Abort:
    case Upgrade:
      return request.wait;
    case Watch:
      return true;
    case Status:
    case History:
    case Wait:
    case Scale:
    case Stop:
    case ReopenLogs:
      break;
  }
  return false;
}

}  // namespace

Asked<int> Conversation::hold() {
  if (auto sent = connection_.send(command_.request, deadline_); !sent) {
    return tl::unexpected(sent.error());
  }
  for (;;) {
    auto reply = connection_.next(deadline_);
    if (!reply) return end_line(), tl::unexpected(reply.error());
    const auto code = std::visit([this](auto& one) { return show(one); }, *reply);
    if (code) return *code;
  }
}

void Conversation::print_json(control::Reply reply) {
  screen_.out << control::to_line(std::move(reply));
}

Conversation::Code Conversation::show(control::Status& status) {
  if (command_.names) {
    for (const auto& app : status.apps) screen_.out << app.app << '\n';
    return exit_done;
  }
  control::add_usage(status, command_.metrics ? os::Pss::Skip : os::Pss::Read);
  if (command_.json) {
    print_json(std::move(status));
  } else if (command_.metrics) {
    screen_.out << metrics::text_of(status);
  } else {
    const std::string table = table_of(status, screen_.colour);
    const bool is_live = command_.watch && screen_.is_terminal;
    screen_.out << (is_live ? redrawn(table, screen_.rows) : table);
  }
  screen_.out.flush();
  return exit_done;
}

Conversation::Code Conversation::show(control::History& history) {
  if (command_.json) {
    print_json(std::move(history));
  } else {
    screen_.out << table_of(history);
    const auto picture = timeline_of(history, screen_.width, screen_.colour);
    if (!picture.empty()) screen_.out << '\n' << picture;
  }
  return exit_done;
}

Conversation::Code Conversation::show(control::Event& event) {
  if (command_.json) return print_json(std::move(event)), Code();
  const bool is_transient = screen_.is_terminal && is_progress(event);
  if (screen_.is_terminal && in_progress_) screen_.out << "\r\033[K";
  screen_.out << line_of(event) << (is_transient ? "" : "\n") << std::flush;
  in_progress_ = is_transient;
  return {};
}

Conversation::Code Conversation::show(control::Result& result) {
  end_line();
  const int code = static_cast<int>(result.exit_code);
  if (command_.json) return print_json(std::move(result)), code;
  const bool is_upgrade = command_.request.command == control::Command::Upgrade;
  if (result.refused) {
    screen_.err << (is_upgrade ? "upgrade refused: " : "reload rejected: ") << *result.refused
                << '\n';
  }
  if (result.hupd) screen_.out << "upgrade done: hupd " << printable(*result.hupd) << '\n';
  for (const auto& reload : result.reloads) {
    if (reload.outcome == control::Outcome::Refused) continue;  // said above, once for all
    (code == exit_done || is_good(reload) ? screen_.out : screen_.err) << outcome_of(reload);
  }
  return code;
}

Conversation::Code Conversation::show(control::Accepted& accepted) {
  is_under_way_ = true;
  const auto& request = command_.request;
  if (request.command == control::Command::Stop) return wait_for_end();
  if (has_more(request)) return {};
  if (command_.json) return print_json(std::move(accepted)), exit_done;
  for (const auto& ticket : accepted.tickets) {
    const bool is_reload = request.command == control::Command::Reload;
    screen_.out << ticket.app << ": " << (is_reload ? "reload requested, to be " : "")
                << "generation " << ticket.generation << '\n';
  }
  return exit_done;
}

Conversation::Code Conversation::show(control::Error& error) {
  end_line();
  screen_.err << "hupd: " << error.text << '\n';
  return exit_code_of(error.error);
}

Conversation::Code Conversation::wait_for_end() {
  const auto ended = connection_.wait_for_end(deadline_);
  if (ended) return exit_done;
  screen_.err << "hupd: " << ended.error().text << '\n';
  return ended.error().exit_code;
}

void Conversation::end_line() {
  if (std::exchange(in_progress_, false)) screen_.out << '\n';
}

}  // namespace hupd::cli
