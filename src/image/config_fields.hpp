// The keys of those settings that an image carries as they are. (An app's travel as its plan.)
#pragma once

#include "config/settings.hpp"
#include "json/words.hpp"

namespace hupd::config {

inline constexpr auto words(LogLevel) {
  using enum LogLevel;
  return std::to_array<json::Words<LogLevel>>(
      {{Debug, "debug"}, {Info, "info"}, {Warning, "warning"}, {Error, "error"}});
}
inline constexpr auto words(LogFormat) {
  using enum LogFormat;
  return std::to_array<json::Words<LogFormat>>({{Text, "text"}, {Json, "json"}});
}
template <typename Io>
void fields(Io& io, Log& l) {
  io("level", l.level), io("format", l.format), io("file", l.file);
}
template <typename Io>
void fields(Io& io, Control& c) {
  io("path", c.path), io("mode", c.mode), io("owner", c.owner), io("group", c.group);
}
template <typename Io>
void fields(Io& io, Master& m) {
  io("log", m.log), io("control", m.control), io("pid_file", m.pid_file);
  io("runtime_dir", m.runtime_dir), io("orphan_timeout", m.orphan_timeout);
}
template <typename Io>
void fields(Io& io, TcpAddress& a) {
  io("host", a.host), io("port", a.port), io("v6_only", a.v6_only);
}
template <typename Io>
void fields(Io& io, UnixAddress& a) {
  io("path", a.path), io("mode", a.mode), io("owner", a.owner), io("group", a.group);
}
template <typename Io>
void fields(Io& io, InheritedAddress& a) {
  io("name", a.name);
}

// The alternative that there is has a key.
template <typename Address, typename Io>
void alternative(Io& io, const char* key, Listen& l) {
  std::optional<Address> address;
  if (const auto* is = std::get_if<Address>(&l.address)) address = *is;
  io(key, address);
  if (address) l.address = *address;
}
template <typename Io>
void fields(Io& io, Listen& l) {
  io("text", l.text);
  alternative<TcpAddress>(io, "tcp", l);
  alternative<UnixAddress>(io, "unix", l);
  alternative<InheritedAddress>(io, "inherited", l);
}
template <typename Io>
void fields(Io& io, Metrics& m) {
  io("listen", m.listen), io("user", m.user);
}

}  // namespace hupd::config
