// Whether two worlds have the same future: their states with times relative to now.
#pragma once

#include <cstdint>
#include <unordered_set>

#include "world.hpp"

namespace hupd::sim {

using Fingerprints = std::unordered_set<std::uint64_t>;

std::uint64_t fingerprint(const World& world);

}  // namespace hupd::sim
