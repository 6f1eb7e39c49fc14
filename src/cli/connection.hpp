// The connection to a master, for a client that may wait for it.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "control/codec.hpp"
#include "control/lines.hpp"
#include "os/fd.hpp"

namespace hupd::cli {

// Why a command ends early.
struct Failure {
  int exit_code;
  std::string text;
};
template <typename T>
using Asked = tl::expected<T, Failure>;

using Deadline = std::optional<std::chrono::steady_clock::time_point>;  // nothing: none

class Connection {
 public:
  static Asked<Connection> open(const std::string& path, const Deadline& deadline);

  Asked<void> send(const control::Request& request, const Deadline& deadline);
  Asked<control::Reply> next(const Deadline& deadline);
  // Until the master ends the connection.
  Asked<void> wait_for_end(const Deadline& deadline);

 private:
  Connection(std::string path, os::Fd fd);
  // Without a deadline, as long as the master answers others.
  Asked<void> wait(bool writing, const Deadline& deadline) const;
  bool answers_others() const;
  Asked<void> receive(const Deadline& deadline);

  std::string path_;
  os::Fd fd_;
  control::Lines lines_;
  bool ended_ = false;
};

}  // namespace hupd::cli
