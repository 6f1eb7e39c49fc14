// The commands that ask a running master: `hupd reload`, `hupd status` and the like.
#pragma once

#include <chrono>
#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>

#include "config/load.hpp"
#include "control/messages.hpp"

namespace hupd::cli {

struct Ask {
  control::Request request;
  std::string control_path;  // empty: by the configuration, or the usual place
  std::string config_path;
  std::optional<std::chrono::milliseconds> timeout;  // nothing: as long as it takes
  bool json = false;
  bool watch = false;
  bool metrics = false;  // the answer as OpenMetrics text
  bool names = false;    // those of the apps alone; no word of what prevents it
};

// Where it is printed.
struct Screen {
  std::ostream& out;
  std::ostream& err;
  bool is_terminal = false;
  bool colour = false;
  std::size_t width = 80;
  std::size_t rows = 0;  // 0: any number
};

// Returns the exit code. `options` are for a configuration that has to be read.
int ask(const Ask& command, const config::Options& options, const Screen& screen);

}  // namespace hupd::cli
