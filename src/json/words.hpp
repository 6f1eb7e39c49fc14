// How the choices of an enumeration are written: `words(Enum)` in the namespace of the enumeration
// lists them.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace hupd::json {

template <typename Enum>
using Words = std::pair<Enum, std::string_view>;

template <typename Enum>
constexpr std::string_view word(Enum value) {
  for (const auto& [known, text] : words(value)) {
    if (known == value) return text;
  }
  return {};
}

}  // namespace hupd::json
