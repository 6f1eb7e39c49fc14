// What a master that died has left with its keeper, where there is no service manager.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "master/takeover.hpp"

namespace hupd::master {

struct Search {
  std::optional<Takeover> left;                 // to go on with
  std::optional<std::string> taken_by_another;  // who does that already: what to say
  std::vector<std::string> found;               // what cannot be gone on with, in a line each
};

// Looks where masters have their directories: at `runtime_dir`, or when it is empty at the usual
// places. `identity` is this master's. It takes a few seconds at most, whatever others do.
Search search_for_keepers(const std::string& runtime_dir, const std::string& identity);

}  // namespace hupd::master
