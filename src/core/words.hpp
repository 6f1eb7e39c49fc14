// Reasons, for people.
#pragma once

#include <string>

#include "core/state.hpp"

namespace hupd::core {

std::string not_ready_after(Duration boot_timeout);

// Why a worker is lost: its own words if it had any, else how it ended. To stand after its name.
std::string why_lost(const Worker& worker, const Exit& exit);

// The same with the worker named, for a rejection.
std::string why_rejected(const Worker& worker, const std::string& why);

}  // namespace hupd::core
