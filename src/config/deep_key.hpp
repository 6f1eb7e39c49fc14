// A guard in front of the TOML parser.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/value.hpp"

namespace hupd::config {

// Where in `text` a key like "a.b.c" has more than 128 parts. toml++, and whoever walks its tables,
// recurses once a part: a few thousand end the process, and a master must outlive its files.
std::optional<Place> too_deep(std::string_view text, const std::string& name);

}  // namespace hupd::config
