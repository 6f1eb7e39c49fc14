// The keys of an image.
#pragma once

#include "image/app_fields.hpp"
#include "image/config_fields.hpp"
#include "image/image.hpp"

namespace hupd::image {

inline constexpr auto words(May) {
  using enum May;
  return std::to_array<json::Words<May>>(
      {{Nothing, "nothing"}, {Ask, "ask"}, {Everything, "everything"}});
}
template <typename Io>
void fields(Io& io, FileIdentity& f) {
  io("device", f.device), io("inode", f.inode);
}
template <typename Io>
void fields(Io& io, Listener& l) {
  io("key", l.key), io("listen", l.listen), io("file", l.file);
  io("is_of_exporter", l.is_of_exporter);
}
template <typename Io>
void fields(Io& io, Exporter& e) {
  io("settings", e.settings), io("listeners", e.listeners), io("child", e.child);
  io("started_at", e.started_at), io("failures", e.failures), io("leaving", e.leaving);
  io("stopping", e.stopping);
}
template <typename Io>
void fields(Io& io, News& n) {
  io("expected", n.expected), io("awaited", n.awaited), io("reloading", n.reloading);
  io("serving", n.serving), io("was_ready", n.was_ready), io("told_reloading", n.told_reloading);
  io("stopping", n.stopping);
}
template <typename Io>
void fields(Io& io, Chronicle& c) {
  io("reloads", c.reloads), io("since", c.since), io("last_number", c.last_number);
  io("refused", c.refused);
}
template <typename Io>
void fields(Io& io, Awaited& a) {
  io("tickets", a.tickets), io("apps", a.apps), io("drained", a.drained);
  io("probation", a.probation), io("is_taken_back", a.is_taken_back);
  io("is_upgrade", a.is_upgrade);
}
template <typename Io>
void fields(Io& io, Client& c) {
  io("key", c.key), io("may", c.may), io("awaited", c.awaited), io("steps", c.steps);
  io("watches", c.watches), io("open", c.open), io("expecting", c.expecting);
  io("ending", c.ending), io("apps", c.apps), io("in", c.in), io("out", c.out);
}
template <typename Io>
void fields(Io& io, Numbered& n) {
  io("name", n.name), io("number", n.number);
}
template <typename Io>
void fields(Io& io, Master& m) {
  io("format", m.format), io("hupd", m.hupd), io("wire", m.wire), io("pid", m.pid);
  io("program", m.program);
  io("arguments", m.arguments), io("started_at", m.started_at), io("started", m.started);
  io("past", m.past);
  io("last_key", m.last_key), io("settings", m.settings), io("started_with", m.started_with);
  io("metrics", m.metrics), io("plans", m.plans), io("runtime_place", m.runtime_place);
  io("runtime_dir", m.runtime_dir), io("pid_file", m.pid_file);
  io("control_path", m.control_path), io("control_file", m.control_file);
  io("listeners", m.listeners), io("apps", m.apps), io("last_generations", m.last_generations);
  io("stopping", m.stopping), io("reload_wanted", m.reload_wanted), io("news", m.news);
  io("chronicle", m.chronicle), io("exporter", m.exporter), io("clients", m.clients);
  io("not_ours", m.not_ours), io("descriptors", m.descriptors);
}

}  // namespace hupd::image
