// App.plan: an app's effective table as TOML, for the zygote, which is a process of its own.
#pragma once

#include <string>

#include "config/settings.hpp"
#include "config/value.hpp"

namespace hupd::config {

// `settings` is [app.NAME.settings] as written, or null.
std::string make_plan(const App& app, const Value* settings);

}  // namespace hupd::config
