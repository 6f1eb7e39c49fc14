#include "cli/words.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace hupd::cli {
namespace {

std::string two(std::uint64_t greater, const char* unit, std::uint64_t lesser, const char* small) {
  return std::to_string(greater) + unit + ' ' + std::to_string(lesser) + small;
}

std::string tenths(double value, const char* unit) {
  std::array<char, 40> text;
  const int length = std::snprintf(text.data(), text.size(), "%.1f %s", value, unit);
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace

std::string short_duration(std::uint64_t ms) {
  const std::uint64_t seconds = ms / 1000;
  if (ms < 1000) return std::to_string(ms) + " ms";
  if (seconds < 60) return tenths(static_cast<double>(ms / 100) / 10, "s");
  if (seconds < 3600) return two(seconds / 60, "m", seconds % 60, "s");
  if (seconds < 86'400) return two(seconds / 3600, "h", seconds / 60 % 60, "m");
  return two(seconds / 86'400, "d", seconds / 3600 % 24, "h");
}

std::string short_size(std::uint64_t bytes) {
  constexpr std::array units = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return std::to_string(bytes) + " B";
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
  return tenths(value, units[unit]);
}

std::string short_hash(const std::string& hash) { return hash.substr(0, 12); }

std::string printable(std::string_view text) {
  std::string safe(text);
  for (char& c : safe) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = c == '\t' ? ' ' : '?';
  }
  return safe;
}

std::string wrapped(const std::string& text, std::size_t width, std::size_t indent) {
  std::string lines;
  std::size_t used = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const bool fits = used == 0 || used + 1 + (end - at) <= width;
    if (used != 0) lines += fits ? " " : "\n" + std::string(indent, ' ');
    used = (fits && used != 0 ? used + 1 : 0) + (end - at);
    lines += text.substr(at, end - at);
    at = end + 1;
  }
  return lines;
}

std::string redrawn(const std::string& text, std::size_t rows) {
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  const std::size_t shown = rows == 0 || lines < rows ? lines : rows < 2 ? 0 : rows - 2;
  std::string drawn = "\033[H";
  std::size_t at = 0;
  for (std::size_t line = 0; line < shown; ++line) {
    const std::size_t end = text.find('\n', at);
    drawn += text.substr(at, end - at) + "\033[K\n";
    at = end + 1;
  }
  if (shown < lines) drawn += "… and " + std::to_string(lines - shown) + " lines more\033[K\n";
  return drawn + "\033[J";
}

std::string left(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string right(std::string text, std::size_t width) {
  if (text.size() < width) text.insert(0, width - text.size(), ' ');
  return text;
}

std::string coloured(const std::string& text, Colour colour, bool with_colour) {
  constexpr std::array codes = {"", "\033[32m", "\033[33m", "\033[31m", "\033[2m"};
  if (!with_colour || colour == Colour::Plain) return text;
  return codes[static_cast<std::size_t>(colour)] + text + "\033[0m";
}

}  // namespace hupd::cli
