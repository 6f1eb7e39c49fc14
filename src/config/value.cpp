#include "config/value.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace hupd::config {
namespace {

constexpr std::size_t longest_shown = 60;

// The shortest text that reads back as the same number, and that reads back as a float.
std::string float_text(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
  std::array<char, 64> buffer;
  auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  std::string text(buffer.data(), end);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

const Value* find(const Value& value, std::string_view key) {
  const auto* table = std::get_if<Table>(&value.data);
  if (table == nullptr) return nullptr;
  for (const Entry& entry : *table) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

std::string shown(const Value& value) {
  if (std::holds_alternative<Array>(value.data)) return "an array";
  if (std::holds_alternative<Table>(value.data)) return "a table";
  std::string text = scalar_text(value);
  if (text.size() > longest_shown) {
    std::size_t end = longest_shown;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // UTF-8
    text = text.substr(0, end) + "…";
  }
  if (std::holds_alternative<std::string>(value.data)) return '"' + text + '"';
  return text;
}

std::string scalar_text(const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value.data)) return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&value.data)) return std::to_string(*whole);
  if (const auto* number = std::get_if<double>(&value.data)) return float_text(*number);
  if (const auto* date = std::get_if<Date>(&value.data)) return date->text;
  return std::get<std::string>(value.data);
}

}  // namespace hupd::config
