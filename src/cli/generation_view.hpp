// A generation of an app in some lines: what it is there for, and what it is made of.
#pragma once

#include <cstddef>
#include <string>

#include "control/status.hpp"

namespace hupd::cli {

std::size_t count_serving(const control::GenerationStatus& generation);

// `library` is the one that was named last: said again only when it is another one.
std::string lines_of(const control::GenerationStatus& generation, std::uint32_t wanted,
                     const std::string& library, bool with_colour);

}  // namespace hupd::cli
