// Flags become part of the configuration as written, before anything is checked.
#pragma once

#include <vector>

#include "config/fault.hpp"
#include "config/load.hpp"
#include "config/value.hpp"

namespace hupd::config {

// Puts each flag at its key in `document`.
void apply_overrides(const Overrides& overrides, Value& document, std::vector<Fault>& faults);

}  // namespace hupd::config
