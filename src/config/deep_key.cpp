#include "config/deep_key.hpp"

#include <cctype>

namespace hupd::config {
namespace {

constexpr int deepest_key = 128;

}  // namespace

std::optional<Place> too_deep(std::string_view text, const std::string& name) {
  Place place{name, 1, 0};
  int dots = 0;
  char last = '\n';  // that is not blank
  bool blank = false;
  for (const char c : text) {
    ++place.column;
    if (c == '.') {
      dots = last == '.' ? 0 : dots + 1;  // an ellipsis is no key
      if (dots == deepest_key) return place;
    } else if (c != ' ' && c != '\t') {
      const bool quote_or_dash = c == '"' || c == '\'' || c == '-' || c == '_';
      const bool part_of_key = quote_or_dash || std::isalnum(static_cast<unsigned char>(c)) != 0;
      if (!part_of_key || (blank && last != '.')) dots = 0;
    }
    blank = c == ' ' || c == '\t';
    if (!blank) last = c;
    if (c == '\n') {
      ++place.line;
      place.column = 0;
    }
  }
  return std::nullopt;
}

}  // namespace hupd::config
