// How long to wait before something that failed is tried again.
#pragma once

#include <cstdint>

#include "core/types.hpp"

namespace hupd::core {

// `failures`: in a row, this one included, from 1. Advances `random`.
Duration retry_delay(const Policy& policy, std::uint32_t failures, std::uint64_t& random);

}  // namespace hupd::core
