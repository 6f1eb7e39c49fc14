// Resource limits and the process's surroundings, as a worker's configuration names them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "os/result.hpp"

namespace hupd::os {

inline constexpr std::uint64_t unlimited = UINT64_MAX;

// By name ("nofile", "core", …): soft and hard. An unknown name is an error.
Result<void> set_limits(
    const std::map<std::string, std::pair<std::uint64_t, std::uint64_t>>& limits);

std::uint64_t descriptor_limit();  // soft RLIMIT_NOFILE
// Whether so many descriptors below the limit are not in use.
bool has_free_descriptors(std::uint64_t count, std::uint64_t limit);

// Whether it failed for want of descriptors or memory: it may succeed later on.
bool is_shortage(const Error& error);

// As many descriptors as the hard limit allows: a master or client of many sockets wants them.
void raise_descriptor_limit();

Result<void> change_directory(const std::string& path);
void set_umask(std::uint32_t mask);

}  // namespace hupd::os
