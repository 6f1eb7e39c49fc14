// Which files belong to a library: itself and what it finds beside itself.
#pragma once

#include <string>
#include <vector>

#include "os/result.hpp"
#include "os/trust.hpp"

namespace hupd::zygote {

// `library` and, through every level, the libraries that are needed by name and found by a search
// path that starts at $ORIGIN. Absolute paths, links to the library's directory resolved, the
// library first, none twice. What the system's loader finds elsewhere belongs to the system and is
// not listed. An error says which file is not a whole library of this machine, or is not from those
// who are trusted: what others wrote is not even examined.
os::Result<std::vector<std::string>> files_of(const std::string& library,
                                              const os::Trust& trust = os::Trust::of_everybody());

}  // namespace hupd::zygote
