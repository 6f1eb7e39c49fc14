#include "core/zygote.hpp"

#include "core/backoff.hpp"
#include "core/find.hpp"
#include "core/reload.hpp"
#include "core/rules.hpp"
#include "core/words.hpp"

namespace hupd::core {
namespace {

bool is_up(const Zygote& zygote) {
  return zygote.state == ZygoteState::Starting || zygote.state == ZygoteState::Ready;
}

void send_kill(Turn& turn, Generation& generation) {
  generation.zygote.state = ZygoteState::Killed;
  generation.zygote.deadline = turn.deadline(generation.policy.kill_timeout);
  turn.act(KillZygote{generation.id});
}

void retire(Turn& turn, Generation& generation) {
  Zygote& zygote = generation.zygote;
  if (zygote.state == ZygoteState::Waiting) zygote = {};
  if (!is_up(zygote)) return;
  zygote.state = ZygoteState::Leaving;
  zygote.deadline = turn.deadline(generation.policy.kill_timeout);
  turn.act(RetireZygote{generation.id});
}

void wait_for_restart(Turn& turn, Generation& generation, const Exit& exit) {
  Zygote& zygote = generation.zygote;
  const Policy& policy = generation.policy;
  zygote.state = ZygoteState::Waiting;
  zygote.deadline = turn.now;
  if (exit.is_blameless) return;
  if (rules::was_stable(zygote.ready_since, turn.now, policy.stable_after)) zygote.failures = 0;
  ++zygote.failures;
  zygote.deadline = turn.now + retry_delay(policy, zygote.failures, turn.state.random);
}

}  // namespace

void start_zygote(Turn& turn, Generation& generation) {
  Zygote& zygote = generation.zygote;
  zygote.state = ZygoteState::Starting;
  zygote.deadline = turn.deadline(generation.policy.boot_timeout);
  zygote.ready_since = never;
  turn.act(StartZygote{generation.id});
}

void kill_zygote(Turn& turn, Generation& generation) {
  if (is_up(generation.zygote)) send_kill(turn, generation);
}

void on(Turn& turn, const ZygoteReady& event) {
  Generation* generation = find_generation(turn.state, event.generation);
  if (generation == nullptr || generation->zygote.state != ZygoteState::Starting) return;
  generation->is_same = event.is_same;
  generation->zygote.state = ZygoteState::Ready;
  generation->zygote.deadline = never;
  generation->zygote.ready_since = turn.now;
}

void on(Turn& turn, const ZygoteFailed& event) {
  Generation* generation = find_generation(turn.state, event.generation);
  if (generation == nullptr || !is_up(generation->zygote)) return;
  generation->zygote.state = ZygoteState::Failed;
  generation->zygote.deadline = turn.deadline(generation->policy.kill_timeout);
  if (rules::in_flight(generation->state)) reject(turn, *generation, event.reason);
}

void on(Turn& turn, const ZygoteExited& event) {
  Generation* generation = find_generation(turn.state, event.generation);
  if (generation == nullptr) return;
  Zygote& zygote = generation->zygote;
  if (zygote.state == ZygoteState::None || zygote.state == ZygoteState::Waiting) return;
  const bool was_ready = zygote.ready_since != never;
  if (rules::replaces_losses(generation->state)) {
    wait_for_restart(turn, *generation, event.exit);
    return;
  }
  zygote = {};
  if (rules::in_flight(generation->state)) {
    reject(turn, *generation,
           "zygote ended with " + event.exit.described + (was_ready ? "" : " before it was ready"),
           event.exit.is_blameless);
  }
}

void settle_zygotes(Turn& turn) {
  const Generation* serving = find_serving(turn.state);
  const bool parks = serving != nullptr && serving->policy.park;  // as it is configured now
  const Generation* parked = parks ? find_kept(turn.state, 0) : nullptr;
  for (Generation& generation : turn.state.generations) {
    const Zygote& zygote = generation.zygote;
    if (!rules::needs_zygote(generation.state, &generation == parked)) {
      retire(turn, generation);
    } else if (zygote.state == ZygoteState::Waiting && zygote.deadline <= turn.now) {
      start_zygote(turn, generation);
    }
  }
}

void zygote_overdue(Turn& turn, Generation& generation) {
  switch (generation.zygote.state) {
    case ZygoteState::None:
    case ZygoteState::Ready:
    case ZygoteState::Waiting:  // settled after every event
      break;
    case ZygoteState::Starting:
      if (rules::in_flight(generation.state)) {
        reject(turn, generation, "zygote: " + not_ready_after(generation.policy.boot_timeout));
      } else {
        send_kill(turn, generation);
      }
      break;
    case ZygoteState::Failed:
    case ZygoteState::Leaving:
      send_kill(turn, generation);
      break;
    case ZygoteState::Killed:
      turn.act(Unkillable{generation.id, 0});
      send_kill(turn, generation);
      break;
  }
}

}  // namespace hupd::core
