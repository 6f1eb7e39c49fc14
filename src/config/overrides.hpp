// Flags become part of the configuration as written, before anything is checked.
#pragma once

#include <vector>

#include "config/fault.hpp"
#include "config/load.hpp"
#include "config/value.hpp"

namespace hupd::config {

// Puts each flag at its key in `document`. Values from flags have the flag for a place, with line
// 0.
void apply_overrides(const Overrides& overrides, Value& document, std::vector<Fault>& faults);

// "libweb.so.1" → "web": a valid name for an app whatever the library is called.
std::string app_name_of(const std::string& library);

}  // namespace hupd::config
