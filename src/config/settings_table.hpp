// [app.NAME.settings], which is the application's own.
#pragma once

#include "config/key.hpp"

namespace hupd::config {

// Any keys and values. Not written from the struct, which has them as JSON: the plan takes them
// over as they were written.
Key<App> settings_table();

}  // namespace hupd::config
