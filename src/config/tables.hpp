// The key tables, as keys.cpp lists them, and their sub-tables.
#pragma once

#include <vector>

#include "config/key.hpp"

namespace hupd::config {

const std::vector<Key<Master>>& master_keys();
const std::vector<Key<App>>& app_keys();
const std::vector<Key<Metrics>>& metrics_keys();

std::vector<Key<Canary>> canary_keys();
std::vector<Key<Probation>> probation_keys();
std::vector<Key<Reload>> reload_keys();
std::vector<Key<Rollback>> rollback_keys();
std::vector<Key<Restart>> restart_keys();
std::vector<Key<Recycle>> recycle_keys();
Key<App> probe_section();

std::vector<Key<Connection>> connection_keys();
std::vector<Key<Http>> http_keys();
std::vector<Key<Handover>> handover_keys();

}  // namespace hupd::config
