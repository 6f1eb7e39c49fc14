// From a file and the command line's flags to Settings, or to everything that is wrong with them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "config/accounts.hpp"
#include "config/fault.hpp"
#include "config/settings.hpp"

namespace hupd::config {

// Flags, as they were typed. They win over the file and are checked like it; faults name the flag.
// Those of an app mean the only app, or make one, named after its library, where there is none.
struct Overrides {
  std::vector<std::string> listen = {};  // not empty: replaces the file's
  std::optional<std::string> workers = {}, library = {}, user = {}, group = {};
  std::optional<std::string> control = {}, pid_file = {}, log_level = {}, log_format = {},
                             log_file = {};
  // Of all apps; not empty: replaces the file's.
  std::vector<std::string> trusted_users = {}, trusted_groups = {};
  bool no_ownership_check = false;    // of any app
  std::vector<std::string> set = {};  // "app.web.http.idle_timeout=5s"
};

// A descriptor of the file, which the caller closes, or what is wrong with it.
using Opened = tl::expected<int, std::string>;

struct Options {
  Overrides overrides = {};
  std::uint32_t cpus = 1;  // what `workers = "auto"` means
  std::string cwd = {};    // where relative paths in flags start; empty: the current directory
  Accounts accounts = {};  // a user or group that is not there is a fault
  // How the file is opened, where not every file will do; not set: by its name.
  std::function<Opened(const std::string&)> open = {};
};

using Loaded = tl::expected<Settings, std::vector<Fault>>;

// All faults at once, in the order of the file, those of flags first; a file that is not TOML has
// only the first. `path` empty: no file, flags only.
Loaded load(const std::string& path, const Options& options = {});

// The same for `text`. `name` is what faults call the file; relative paths start from `base`.
Loaded parse(std::string_view text, const std::string& name, const std::string& base,
             const Options& options = {});

// The App whose `plan` this is.
tl::expected<App, std::vector<Fault>> parse_plan(const std::string& plan);

}  // namespace hupd::config
