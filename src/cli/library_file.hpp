// Telling an application's library from other files, without loading it.
#pragma once

#include <string>

namespace hupd::cli {

// By its name, "….so" or "….so.1", or, when the file exists, by its first bytes.
bool is_library_argument(const std::string& path);

// Why `path` cannot be a library; empty when it is an ELF file.
std::string library_fault(const std::string& path);

}  // namespace hupd::cli
