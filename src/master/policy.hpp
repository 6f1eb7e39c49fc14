// The core's rules for a generation, from the app's configuration.
#pragma once

#include "config/settings.hpp"
#include "core/types.hpp"

namespace hupd::master {

core::Policy policy_of(const config::App& app);

}  // namespace hupd::master
