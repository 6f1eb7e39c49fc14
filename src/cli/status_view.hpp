// The state of a master, for people to read.
#pragma once

#include <string>

#include "control/status.hpp"

namespace hupd::cli {

std::string table_of(const control::Status& status, bool with_colour);

}  // namespace hupd::cli
