// What a shared library says of itself and of the libraries that it needs.
#pragma once

#include <string>
#include <vector>

#include "os/result.hpp"

namespace hupd::os {

struct ElfInfo {
  std::vector<std::string> needed;       // DT_NEEDED: names
  std::vector<std::string> search_path;  // DT_RUNPATH, else DT_RPATH, split at the colons
};

// Refuses what cannot be a whole shared library of this machine, by name: not ELF, another
// architecture, not a shared object, cut off.
Result<ElfInfo> read_elf(const std::string& path);

}  // namespace hupd::os
