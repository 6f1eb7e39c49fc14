// Whose a file is, and who else may write to it.
#pragma once

#include <string>

#include <sys/stat.h>

#include "os/trust.hpp"

namespace hupd::os {

// Of a file, a link or a directory at `path`: nobody but those who are trusted. A refusal says what
// to do.
Result<void> examine_author(const struct stat& status, const std::string& path, const Trust& trust);

}  // namespace hupd::os
