// The key tables, as keys.cpp lists them.
#pragma once

#include <vector>

#include "config/key.hpp"

namespace hupd::config {

const std::vector<Key<Master>>& master_keys();
const std::vector<Key<App>>& app_keys();

}  // namespace hupd::config
