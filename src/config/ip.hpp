// Literal IP addresses, without the resolver or a system header.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hupd::config {

using Ipv4 = std::array<std::uint8_t, 4>;
using Ipv6 = std::array<std::uint16_t, 8>;

std::optional<Ipv4> parse_ipv4(std::string_view text);  // four decimal parts, no leading zeroes
std::optional<Ipv6> parse_ipv6(std::string_view text);  // no brackets, no zone

std::string format_ipv4(const Ipv4& address);
std::string format_ipv6(const Ipv6& address);  // the one spelling of RFC 5952

}  // namespace hupd::config
