#include "config/ip.hpp"

#include <charconv>
#include <vector>

namespace hupd::config {
namespace {

template <typename T>
std::optional<T> number(std::string_view text, int base, std::size_t longest) {
  T value = 0;
  if (text.empty() || text.size() > longest) return std::nullopt;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "1:2:3" as groups; the last part may be an IPv4 address, which is two groups.
std::optional<std::vector<std::uint16_t>> groups_of(std::string_view text, bool ipv4_tail) {
  std::vector<std::uint16_t> groups;
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view part = text.substr(0, colon);
    const bool last = colon == std::string_view::npos;
    if (last && ipv4_tail && part.find('.') != std::string_view::npos) {
      const auto tail = parse_ipv4(part);
      if (!tail) return std::nullopt;
      groups.push_back(static_cast<std::uint16_t>((*tail)[0] << 8 | (*tail)[1]));
      groups.push_back(static_cast<std::uint16_t>((*tail)[2] << 8 | (*tail)[3]));
      return groups;
    }
    const auto group = number<std::uint16_t>(part, 16, 4);
    if (!group) return std::nullopt;
    groups.push_back(*group);
    if (last) return groups;
    text.remove_prefix(colon + 1);
    if (text.empty()) return std::nullopt;  // it ends in a colon
  }
  return groups;
}

}  // namespace

std::optional<Ipv4> parse_ipv4(std::string_view text) {
  Ipv4 address{};
  for (std::size_t i = 0; i < address.size(); ++i) {
    const bool last = i + 1 == address.size();
    const std::size_t dot = text.find('.');
    if ((dot == std::string_view::npos) != last) return std::nullopt;
    const std::string_view part = text.substr(0, dot);
    const auto byte = number<std::uint8_t>(part, 10, 3);
    if (!byte || (part.size() > 1 && part[0] == '0')) return std::nullopt;
    address[i] = *byte;
    if (!last) text.remove_prefix(dot + 1);
  }
  return address;
}

std::optional<Ipv6> parse_ipv6(std::string_view text) {
  Ipv6 address{};
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) {
    const auto groups = groups_of(text, true);
    if (!groups || groups->size() != address.size()) return std::nullopt;
    for (std::size_t i = 0; i < address.size(); ++i) address[i] = (*groups)[i];
    return address;
  }
  const auto head = groups_of(text.substr(0, gap), false);
  const auto tail = groups_of(text.substr(gap + 2), true);
  if (!head || !tail || head->size() + tail->size() >= address.size()) return std::nullopt;
  for (std::size_t i = 0; i < head->size(); ++i) address[i] = (*head)[i];
  const std::size_t start = address.size() - tail->size();
  for (std::size_t i = 0; i < tail->size(); ++i) address[start + i] = (*tail)[i];
  return address;
}

std::string format_ipv4(const Ipv4& address) {
  std::string text;
  for (std::uint8_t byte : address) text += (text.empty() ? "" : ".") + std::to_string(byte);
  return text;
}

std::string format_ipv6(const Ipv6& address) {
  // The longest run of at least two zero groups becomes "::", the first of equals.
  std::size_t gap = address.size();
  std::size_t gap_length = 1;
  for (std::size_t i = 0; i < address.size(); ++i) {
    std::size_t length = 0;
    while (i + length < address.size() && address[i + length] == 0) ++length;
    if (length > gap_length) {
      gap = i;
      gap_length = length;
    }
  }
  std::string text;
  for (std::size_t i = 0; i < address.size(); ++i) {
    if (i == gap) {
      text += "::";
      i += gap_length - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    std::array<char, 4> digits;
    auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), address[i], 16);
    text.append(digits.data(), end);
  }
  return text;
}

}  // namespace hupd::config
