// Which users and groups there are: known to the system, not to a configuration.
#pragma once

#include <functional>
#include <string>

namespace hupd::config {

// By name or number. One that is not set takes any for one that is there.
struct Accounts {
  std::function<bool(const std::string&)> is_user = {};
  std::function<bool(const std::string&)> is_group = {};
};

}  // namespace hupd::config
