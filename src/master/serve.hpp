// The life of a master: it takes what it needs, or takes over what another one had, and serves to
// its end.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "master/master.hpp"
#include "master/takeover.hpp"
#include "master/upgrade.hpp"

namespace hupd::master {

// For the last lines to reach a reader that is slow.
inline constexpr auto longest_farewell = std::chrono::seconds(1);

// `left`: by another master; or what was `found` of others, in words.
// An error: it could not begin. One that cannot take over for want of descriptors or memory does
// not return: it leaves all to the next start (exit code 1).
os::Result<int> serve(const config::Settings& settings, std::optional<Takeover> left,
                      const std::vector<std::string>& found, const Configure& configure,
                      Upgrade::Program program);

}  // namespace hupd::master
