// How the choices of an enumeration are written: `words(Enum)` in the namespace of the enumeration
// lists them.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace hupd::json {

template <typename Enum>
using Words = std::pair<Enum, std::string_view>;

// The same for the types of a std::variant, in their order: to be specialised for it.
template <typename Variant>
inline constexpr std::array<std::string_view, 0> alternatives{};

template <typename Enum>
constexpr std::string_view word(Enum value) {
  for (const auto& [known, text] : words(value)) {
    if (known == value) return text;
  }
  return {};
}

}  // namespace hupd::json
