// The configuration as written becomes Settings.
#pragma once

#include "config/context.hpp"
#include "config/settings.hpp"
#include "config/value.hpp"

namespace hupd::config {

// Faults go to the context; with any there, the Settings are not to be used.
Settings read_document(const Value& document, Context& context);

}  // namespace hupd::config
