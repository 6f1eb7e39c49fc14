// The keys of an app in an image.
#pragma once

#include "control/fields.hpp"
#include "image/app_image.hpp"
#include "image/core_actions.hpp"
#include "image/core_fields.hpp"

namespace hupd::image {

inline constexpr auto words(Standing) {
  using enum Standing;
  return std::to_array<json::Words<Standing>>(
      {{First, "first"}, {Added, "added"}, {Dropped, "dropped"}, {Leaving, "leaving"}});
}
template <typename Io>
void fields(Io& io, Child& c) {
  io("key", c.key), io("app", c.app), io("generation", c.generation), io("slot", c.slot);
  io("pid", c.pid), io("is_adopted", c.is_adopted), io("partial", c.partial),
      io("last_lines", c.last_lines), io("farewell", c.farewell);
}
template <typename Io>
void fields(Io& io, Worker& w) {
  io("id", w.id), io("page", w.page), io("child", w.child), io("ready_unborn", w.ready_unborn);
  io("released", w.released), io("hands_over", w.hands_over), io("cut", w.cut);
  io("was_ready", w.was_ready), io("is_worn", w.is_worn), io("asks_to_go", w.asks_to_go),
      io("leaves_unasked", w.leaves_unasked), io("unwell", w.unwell), io("counted", w.counted),
      io("copies_for", w.copies_for);
  io("successors", w.successors), io("legacies_due", w.legacies_due);
}
template <typename Io>
void fields(Io& io, ForkOrder& o) {
  io("worker", o.worker), io("slot", o.slot);
}
template <typename Io>
void fields(Io& io, Condemned& c) {
  io("hash", c.hash), io("plan", c.plan), io("reason", c.reason);
}
template <typename Io>
void fields(Io& io, Expectation& e) {
  io("failed", e.failed), io("serving", e.serving), io("is_done_then", e.is_done_then);
}
template <typename Io>
void fields(Io& io, Generation& g) {
  io("id", g.id), io("source", g.source), io("plan", g.plan), io("listeners", g.listeners);
  io("directory", g.directory), io("copy", g.copy), io("hash", g.hash), io("version", g.version);
  io("last_lines", g.last_lines), io("unfit", g.unfit), io("unchanged", g.unchanged);
  io("expected", g.expected), io("zygote", g.zygote), io("workers", g.workers);
  io("waiting", g.waiting), io("being_forked", g.being_forked), io("counts", g.counts);
  io("adoption_deaths", g.adoption_deaths);
}
template <typename Io>
void fields(Io& io, Legacy& l) {
  io("id", l.id), io("key", l.key), io("version", l.version);
  io("from_generation", l.from_generation), io("by", l.by), io("slot", l.slot);
  io("successors", l.successors), io("is_copy", l.is_copy), io("is_settled", l.is_settled);
  io("heir", l.heir);
}
template <typename Io>
void fields(Io& io, Taking& t) {
  io("given", t.given), io("in_hand", t.in_hand);
}
template <typename Io>
void fields(Io& io, Legacies& l) {
  io("last", l.last), io("left", l.left), io("taking", l.taking), io("deaths", l.deaths);
  io("waiting", l.waiting), io("unanswered", l.unanswered);
  io("on_behalf_of", l.on_behalf_of), io("until", l.until);
}
template <typename Io>
void fields(Io& io, Drain& d) {
  io("id", d.id), io("left", d.left), io("all", d.all);
}
template <typename Io>
void fields(Io& io, Progress& p) {
  io("id", p.id), io("copied", p.copied), io("loaded", p.loaded), io("complete", p.complete);
  io("ready", p.ready), io("drains", p.drains);
}
template <typename Io>
void fields(Io& io, ReloadOptions& o) {
  io("force", o.force), io("only_changed", o.only_changed);
}
template <typename Io>
void fields(Io& io, App& a) {
  io("key", a.key), io("name", a.name), io("standing", a.standing), io("core", a.core);
  io("unfinished", a.unfinished);
  io("generations", a.generations), io("legacies", a.legacies), io("progress", a.progress),
      io("counts", a.counts);
  io("told_end_handover", a.told_end_handover), io("told_queue_ends", a.told_queue_ends);
  io("told_stopping", a.told_stopping), io("restarts", a.restarts), io("lost", a.lost);
  io("probations_failed", a.probations_failed), io("outcomes", a.outcomes);
  io("current", a.current), io("served", a.served), io("stopped", a.stopped);
  io("kill_timeout", a.kill_timeout), io("condemned", a.condemned), io("wanted", a.wanted);
  io("misconfigured", a.misconfigured);
}
}  // namespace hupd::image
