#include "master/policy.hpp"

#include <algorithm>

namespace hupd::master {

core::Policy policy_of(const config::App& app) {
  core::Policy policy;
  policy.workers = app.workers;
  policy.surge = app.reload.surge == 0 ? std::max(app.workers, 1U) : app.reload.surge;
  policy.max_draining = app.reload.max_draining;
  policy.canary = app.reload.canary.workers;
  policy.canary_hold = app.reload.canary.hold;  // "manual" is hold_for_ever
  policy.keep = app.rollback.keep;
  policy.park = app.rollback.parked;
  policy.probation = app.reload.probation.time;
  policy.probation_crashes = app.reload.probation.crashes;
  policy.boot_timeout = app.boot_timeout;
  policy.drain_timeout = app.drain_timeout;
  policy.kill_timeout = app.kill_timeout;
  policy.backoff_first = app.restart.backoff_first;
  policy.backoff_cap = app.restart.backoff_cap;
  policy.backoff_jitter_percent = app.restart.jitter_percent;
  policy.stable_after = app.restart.stable_after;
  return policy;
}

}  // namespace hupd::master
