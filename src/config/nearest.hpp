// What somebody meant who misspelt a word.
#pragma once

#include <span>
#include <string_view>

namespace hupd::config {

// The candidate that differs least from `word` in case, letters added, left out, changed or
// swapped; empty when even that one is too far off to be meant.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace hupd::config
