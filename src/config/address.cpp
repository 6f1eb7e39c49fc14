#include "config/address.hpp"

#include <charconv>
#include <filesystem>
#include <optional>

#include "config/ip.hpp"

namespace hupd::config {
namespace {

constexpr std::size_t longest_unix_path = 107;  // sun_path, with its NUL
constexpr std::string_view forms =
    "write \"0.0.0.0:80\", \"[::]:80\", \":80\", \"unix:/run/web.sock\" or \"systemd:NAME\"";

using Parsed = tl::expected<Listen, std::string>;

tl::unexpected<std::string> wrong(std::string_view text, std::string_view why) {
  return tl::unexpected("'" + std::string(text) + "' " + std::string(why));
}

bool starts(std::string_view text, std::string_view with) {
  return text.substr(0, with.size()) == with;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

Parsed parse_unix(std::string_view text, std::string_view path, const std::string& base) {
  if (path.empty()) return wrong(text, "names no path: write \"unix:/run/web.sock\"");
  if (path[0] == '@')
    return wrong(text, "is an abstract socket, which has no permissions: write a path");
  const std::string whole = (std::filesystem::path(base) / path).lexically_normal().string();
  if (whole.size() > longest_unix_path) {
    return wrong(text, "is too long: a socket's path has at most 107 bytes, and this is " + whole);
  }
  if (whole.back() == '/') return wrong(text, "names a directory, not a socket");
  return Listen{"unix:" + whole, UnixAddress{.path = whole, .owner = {}, .group = {}}};
}

Parsed parse_inherited(std::string_view text, std::string_view name) {
  for (char c : name) {
    if (c == ':' || c <= ' ' || c > '~')
      return wrong(text, "is no name of a socket unit's descriptor");
  }
  if (name.empty())
    return wrong(text, "lacks a name: write \"systemd:NAME\", as in FileDescriptorName=NAME");
  return Listen{std::string(text), InheritedAddress{std::string(name)}};
}

Parsed parse_host(std::string_view text, std::string_view host, std::uint16_t port) {
  const std::string number = std::to_string(port);
  if (starts(host, "[")) {
    const auto address = parse_ipv6(host.substr(1, host.size() - 2));
    if (host.back() != ']' || !address)
      return wrong(text, "is no IPv6 address: write \"[::1]:80\"");
    const std::string plain = format_ipv6(*address);
    return Listen{"[" + plain + "]:" + number, TcpAddress{plain, port}};
  }
  if (parse_ipv6(text) || parse_ipv6(host)) {
    return wrong(text, "is an IPv6 address without brackets: write \"[::1]:80\"");
  }
  if (host == "*")
    return wrong(text, "names no address: write \"0.0.0.0:" + number + "\" for all of IPv4");
  const auto address = parse_ipv4(host.empty() ? "0.0.0.0" : host);
  if (!address && host.find_first_not_of("0123456789.") == std::string_view::npos) {
    return wrong(text, "is no IPv4 address");
  }
  if (!address) {
    return wrong(text,
                 "names a host, and names are not looked up: write its address, such as "
                 "\"127.0.0.1:" +
                     number + "\"");
  }
  const std::string plain = format_ipv4(*address);
  return Listen{plain + ":" + number, TcpAddress{plain, port}};
}

// The same text means the same socket; so does a wildcard that takes in the other's address.
bool covers(const TcpAddress& wide, const TcpAddress& narrow) {
  if (wide.port != narrow.port || wide.port == 0) return false;
  const bool wide_v6 = wide.host.find(':') != std::string::npos;
  const bool narrow_v6 = narrow.host.find(':') != std::string::npos;
  if (wide_v6 == narrow_v6) return wide.host == (wide_v6 ? "::" : "0.0.0.0");
  return wide.host == "::" && !wide.v6_only;
}

}  // namespace

Parsed parse_listen(std::string_view text, const std::string& base) {
  if (text.find('\0') != std::string_view::npos) return wrong("", "is an address with a NUL in it");
  if (starts(text, "unix:")) return parse_unix(text, text.substr(5), base);
  if (starts(text, "systemd:")) return parse_inherited(text, text.substr(8));
  if (text.find("://") != std::string_view::npos)
    return wrong(text, "is a URL: " + std::string(forms));
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    if (parse_port(text)) return wrong(text, "lacks a colon: write \":" + std::string(text) + "\"");
    return wrong(text, "is no address: " + std::string(forms));
  }
  if (starts(text, "[") && text.back() == ']')
    return wrong(text, "lacks a port: write \"" + std::string(text) + ":80\"");
  const auto port = parse_port(text.substr(colon + 1));
  if (!port) return wrong(text, "has no port from 0 to 65535 after its last colon");
  return parse_host(text, text.substr(0, colon), *port);
}

std::string clash(const Listen& a, const Listen& b) {
  if (a.text == b.text) return "'" + b.text + "' is listed already";
  const auto* one = std::get_if<TcpAddress>(&a.address);
  const auto* other = std::get_if<TcpAddress>(&b.address);
  if (one == nullptr || other == nullptr) return {};
  if (covers(*one, *other))
    return "'" + b.text + "' is part of '" + a.text + "', which is listed already";
  if (covers(*other, *one))
    return "'" + b.text + "' takes in '" + a.text + "', which is listed already";
  return {};
}

}  // namespace hupd::config
