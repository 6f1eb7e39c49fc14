#include "config/units.hpp"

#include <array>
#include <charconv>
#include <optional>

namespace hupd::config {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr std::array<Unit, 5> durations = {
    {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr std::array<Unit, 9> sizes = {{{"B", 1},
                                        {"kB", 1'000},
                                        {"KiB", 1ULL << 10},
                                        {"MB", 1'000'000},
                                        {"MiB", 1ULL << 20},
                                        {"GB", 1'000'000'000},
                                        {"GiB", 1ULL << 30},
                                        {"TB", 1'000'000'000'000},
                                        {"TiB", 1ULL << 40}}};
constexpr std::uint64_t largest = INT64_MAX;  // what TOML and chrono can hold

// Whole digits at the head of `text`, which is left with the rest.
std::optional<std::uint64_t> take_number(std::string_view& text, int base = 10) {
  std::uint64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || number > largest) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

template <std::size_t n>
Read<std::uint64_t> parse_unit(std::string_view text, const std::array<Unit, n>& units,
                               std::string_view known) {
  std::string_view rest = text;
  const auto number = take_number(rest);
  if (!number) return tl::unexpected("write a whole number and a unit: " + std::string(known));
  if (rest.empty() && *number == 0) return 0;
  for (const Unit& unit : units) {
    if (unit.name != rest) continue;
    if (*number > largest / unit.factor) return tl::unexpected(std::string("it is too large"));
    return *number * unit.factor;
  }
  const std::string what =
      rest.empty() ? "a unit is missing" : "unknown unit '" + std::string(rest) + "'";
  return tl::unexpected(what + ": write " + std::string(known));
}

template <std::size_t n>
std::string format_unit(std::uint64_t value, const std::array<Unit, n>& units,
                        std::string_view zero) {
  if (value == 0) return std::string(zero);
  const Unit* best = &units.front();
  for (const Unit& unit : units) {
    if (value % unit.factor == 0) best = &unit;
  }
  return std::to_string(value / best->factor) + std::string(best->name);
}

}  // namespace

Read<Millis> parse_duration(std::string_view text) {
  return parse_unit(text, durations, "ms, s, m, h or d").map([](std::uint64_t ms) {
    return Millis(static_cast<Millis::rep>(ms));
  });
}

Read<Bytes> parse_size(std::string_view text) {
  return parse_unit(text, sizes, "B, kB, KiB, MB, MiB, GB, GiB, TB or TiB");
}

Read<std::uint32_t> parse_percent(std::string_view text) {
  const auto number = take_number(text);
  if (!number || text != "%" || *number > 100) {
    return tl::unexpected(std::string("write a percentage from \"0%\" to \"100%\""));
  }
  return static_cast<std::uint32_t>(*number);
}

Read<std::uint32_t> parse_octal(std::string_view text) {
  const auto number = take_number(text, 8);
  if (!number || !text.empty() || *number > 0777) {
    return tl::unexpected(std::string("write octal digits, at most \"0777\""));
  }
  return static_cast<std::uint32_t>(*number);
}

std::string format_duration(Millis duration) {
  return format_unit(static_cast<std::uint64_t>(duration.count()), durations, "0s");
}

std::string format_size(Bytes size) { return format_unit(size, sizes, "0B"); }

std::string format_octal(std::uint32_t bits) {
  std::string text = "0000";
  for (std::size_t i = 4; i-- > 0; bits /= 8) text[i] = static_cast<char>('0' + bits % 8);
  return text;
}

}  // namespace hupd::config
