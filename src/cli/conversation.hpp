// One request to a master, and what comes of it on the screen.
#pragma once

#include <optional>

#include "cli/ask.hpp"
#include "cli/connection.hpp"

namespace hupd::cli {

class Conversation {
 public:
  // All of these outlive it.
  Conversation(const Ask& command, Connection& connection, const Screen& screen, Deadline deadline)
      : command_(command), connection_(connection), screen_(screen), deadline_(deadline) {}

  // To its end: the exit code.
  Asked<int> hold();
  // What was asked for is, whether or not its end is heard of.
  bool is_under_way() const { return is_under_way_; }

 private:
  using Code = std::optional<int>;  // nothing: more is to come

  Code show(control::Status& status);
  Code show(control::History& history);
  Code show(control::Event& event);
  Code show(control::Result& result);
  Code show(control::Accepted& accepted);
  Code show(control::Error& error);
  void print_json(control::Reply reply);
  Code wait_for_end();
  void end_line();

  const Ask& command_;
  Connection& connection_;
  const Screen& screen_;
  Deadline deadline_;
  bool is_under_way_ = false;
  bool in_progress_ = false;  // the cursor is behind a line without an end
};

}  // namespace hupd::cli
