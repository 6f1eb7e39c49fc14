// The keys of the core's state: all of it, so that nothing is forgotten by whoever goes on with it.
#pragma once

#include "core/state.hpp"
#include "image/core_words.hpp"

namespace hupd::core {

template <typename Io>
void fields(Io& io, Policy& p) {
  io("workers", p.workers), io("surge", p.surge), io("max_draining", p.max_draining);
  io("canary", p.canary), io("canary_hold", p.canary_hold), io("keep", p.keep), io("park", p.park);
  io("probation", p.probation), io("probation_crashes", p.probation_crashes);
  io("boot_timeout", p.boot_timeout), io("drain_timeout", p.drain_timeout);
  io("kill_timeout", p.kill_timeout), io("backoff_first", p.backoff_first);
  io("backoff_cap", p.backoff_cap), io("backoff_jitter_percent", p.backoff_jitter_percent);
  io("stable_after", p.stable_after);
}
template <typename Io>
void fields(Io& io, Zygote& z) {
  io("state", z.state), io("deadline", z.deadline), io("ready_since", z.ready_since);
  io("failures", z.failures);
}
template <typename Io>
void fields(Io& io, Slot& s) {
  io("number", s.number), io("worker", s.worker), io("relief", s.relief);
  io("retry_at", s.retry_at), io("failures", s.failures);
}
template <typename Io>
void fields(Io& io, Worker& w) {
  io("id", w.id), io("slot", w.slot), io("state", w.state), io("deadline", w.deadline);
  io("serving_since", w.serving_since), io("worn", w.worn), io("has_no_room", w.has_no_room);
  io("reason", w.reason);
}
template <typename Io>
void fields(Io& io, Generation& g) {
  io("id", g.id), io("state", g.state), io("source", g.source), io("deadline", g.deadline);
  io("probation", g.probation), io("losses", g.losses), io("ways_back", g.ways_back);
  io("is_same", g.is_same), io("policy", g.policy), io("target", g.target);
  io("zygote", g.zygote), io("slots", g.slots), io("workers", g.workers);
}
template <typename Io>
void fields(Io& io, AppState& s) {
  io("phase", s.phase), io("outcome", s.outcome), io("reload_wanted", s.reload_wanted);
  io("reload_held_back", s.reload_held_back), io("last_generation", s.last_generation);
  io("last_worker", s.last_worker), io("random", s.random), io("generations", s.generations);
}

}  // namespace hupd::core
