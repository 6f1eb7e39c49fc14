// The last reloads, for people to read.
#pragma once

#include <string>

#include "control/messages.hpp"

namespace hupd::cli {

std::string table_of(const control::History& history);

}  // namespace hupd::cli
