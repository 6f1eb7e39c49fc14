// The keys of every message, once: what writes and what reads go by the same lists.
#pragma once

#include "control/messages.hpp"
#include "control/words.hpp"

namespace hupd::control {

template <typename Io>
void fields(Io& io, Request& r) {
  io("version", r.version), io("command", r.command), io("apps", r.apps), io("wait", r.wait);
  io("steps", r.steps), io("drained", r.drained), io("probation", r.probation);
  io("force", r.force), io("changed", r.changed), io("to", r.to), io("workers", r.workers);
  io("quick", r.quick);
}
template <typename Io>
void fields(Io& io, Ticket& t) {
  io("app", t.app), io("generation", t.generation);
}
template <typename Io>
void fields(Io& io, Event& e) {
  io("time", e.time), io("step", e.step), io("app", e.app), io("generation", e.generation);
  io("count", e.count), io("of", e.of), io("app_version", e.version), io("hash", e.hash);
  io("library", e.library), io("reason", e.reason), io("output", e.output);
}
template <typename Io>
void fields(Io& io, Reload& r) {
  io("number", r.number), io("app", r.app), io("generation", r.generation);
  io("outcome", r.outcome), io("is_start", r.is_start);
  io("by_itself", r.by_itself), io("source", r.source);
  io("probation", r.probation), io("started", r.started);
  io("app_version", r.version), io("hash", r.hash), io("library", r.library);
  io("workers", r.workers), io("reason", r.reason), io("output", r.output);
  io("age_ms", r.age_ms), io("copied_ms", r.copied_ms), io("loaded_ms", r.loaded_ms);
  io("canary_ms", r.canary_ms), io("switched_ms", r.switched_ms), io("ended_ms", r.ended_ms);
  io("drained_ms", r.drained_ms), io("gone_ms", r.gone_ms);
}
template <typename Io>
void fields(Io& io, History& h) {
  io("reloads", h.reloads);
}
template <typename Io>
void fields(Io& io, Result& r) {
  io("exit_code", r.exit_code), io("reloads", r.reloads), io("refused", r.refused);
  io("hupd", r.hupd);
}
template <typename Io>
void fields(Io& io, Accepted& a) {
  io("tickets", a.tickets);
}
template <typename Io>
void fields(Io& io, Error& e) {
  io("error", e.error), io("text", e.text);
}
template <typename Io>
void fields(Io& io, Counts& c) {
  io("accepted", c.accepted), io("taken_over", c.taken_over), io("requests", c.requests);
  io("received_bytes", c.received_bytes), io("sent_bytes", c.sent_bytes);
  io("timeouts", c.timeouts), io("refused", c.refused);
}
template <typename Io>
void fields(Io& io, WorkerStatus& w) {
  io("slot", w.slot), io("pid", w.pid), io("state", w.state), io("unwell", w.unwell);
  io("connections", w.connections);
  fields(io, w.counts), io("restarts", w.restarts);
  io("age_ms", w.age_ms), io("pss_bytes", w.pss_bytes), io("rss_bytes", w.rss_bytes);
  io("cpu_ms", w.cpu_ms);
}
template <typename Io>
void fields(Io& io, BackoffStatus& b) {
  io("slot", b.slot), io("failures", b.failures), io("degraded", b.degraded);
  io("retry_in_ms", b.retry_in_ms);
}
template <typename Io>
void fields(Io& io, GenerationStatus& g) {
  io("generation", g.generation), io("state", g.state), io("app_version", g.version);
  io("hash", g.hash), io("library", g.library), io("age_ms", g.age_ms);
  io("source", g.source), io("probation_left_ms", g.probation_left_ms);
  io("canary_left_ms", g.canary_left_ms);
  io("preload_ms", g.preload_ms), io("zygote", g.zygote), io("zygote_pid", g.zygote_pid);
  io("zygote_pss_bytes", g.zygote_pss_bytes);
  io("workers", g.workers), io("backoff", g.backoff), io("counts", g.counts);
}
template <typename Io>
void fields(Io& io, OutcomeCount& c) {
  io("outcome", c.outcome), io("count", c.count);
}
template <typename Io>
void fields(Io& io, AppStatus& a) {
  io("app", a.app), io("state", a.state), io("serving", a.serving), io("workers", a.workers);
  io("reload_waits", a.reload_waits), io("listeners", a.listeners);
  io("generations", a.generations), io("last_reload", a.last_reload);
  io("last_ended", a.last_ended), io("reloads", a.reloads),
      io("probations_failed", a.probations_failed), io("lost", a.lost);
  io("counts", a.counts);
}
template <typename Io>
void fields(Io& io, Past& p) {
  io("upgrades", p.upgrades), io("upgrades_refused", p.upgrades_refused);
  io("deaths", p.deaths), io("revived", p.revived);
}
template <typename Io>
void fields(Io& io, Keeping& k) {
  io("keeper", k.keeper), io("keeper_misses", k.missing);
}
template <typename Io>
void fields(Io& io, Status& s) {
  io("hupd", s.hupd), io("pid", s.pid), io("age_ms", s.age_ms), io("started", s.started);
  io("stopping", s.stopping), io("refused", s.refused), fields(io, s.past);
  fields(io, s.keeping);
  io("apps", s.apps);
}

}  // namespace hupd::control
