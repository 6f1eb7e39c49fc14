// The master's own part of the configuration, see settings.hpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace hupd::config {

enum class LogLevel { Debug, Info, Warning, Error };
enum class LogFormat { Text, Json };

struct Log {
  LogLevel level = LogLevel::Info;
  LogFormat format = LogFormat::Text;
  std::string file;  // empty: standard error
  bool operator==(const Log&) const = default;
};

// The socket on which the master answers clients such as `hupd reload`.
struct Control {
  std::string path;                   // absolute; empty: chosen (os/control_place.hpp)
  std::optional<std::uint32_t> mode;  // nothing: 0600, or 0660 where there is a group
  std::string owner;                  // who may do what root may; empty: unchanged
  std::string group;                  // whose members may ask, and change nothing
  bool operator==(const Control&) const = default;
};

struct Master {
  Log log;
  Control control;
  std::string pid_file;     // empty: none
  std::string runtime_dir;  // for private copies of libraries; empty: chosen (os/runtime_dir.hpp)
  std::chrono::milliseconds orphan_timeout{60'000};  // workers serve so long without a master

  bool operator==(const Master&) const = default;
};

}  // namespace hupd::config
