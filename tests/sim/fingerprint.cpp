#include "fingerprint.hpp"

#include <algorithm>

namespace hupd::sim {
namespace {

class Mixer {
 public:
  explicit Mixer(Time now) : now_(now) {}

  template <typename Number>
  void mix(Number number) {
    hash_ = (hash_ ^ static_cast<std::uint64_t>(number)) * 0x9e3779b97f4a7c15;
    hash_ ^= hash_ >> 29;
  }
  void mix(Time time) { mix(time == core::never ? -1 : (time - now_).count()); }
  std::uint64_t hash() const { return hash_; }

 private:
  Time now_;
  std::uint64_t hash_ = 0;
};

void mix(Mixer& mixer, const core::Generation& generation) {
  mixer.mix(generation.id);
  mixer.mix(generation.state);
  mixer.mix(generation.deadline);
  mixer.mix(generation.target);
  mixer.mix(generation.source);
  mixer.mix(generation.probation);
  mixer.mix(generation.losses);
  mixer.mix(generation.ways_back);
  mixer.mix(generation.is_same);
  mixer.mix(generation.zygote.state);
  mixer.mix(generation.zygote.deadline);
  mixer.mix(generation.zygote.ready_since);
  mixer.mix(generation.zygote.failures);
  for (const core::Slot& slot : generation.slots) {
    mixer.mix(slot.number);
    mixer.mix(slot.worker);
    mixer.mix(slot.relief);
    mixer.mix(slot.retry_at);
    mixer.mix(slot.failures);
  }
  for (const core::Worker& worker : generation.workers) {
    mixer.mix(worker.id);
    mixer.mix(worker.state);
    mixer.mix(worker.deadline);
    mixer.mix(worker.serving_since);
    mixer.mix(worker.worn);
    mixer.mix(worker.has_no_room);
  }
}

void mix(Mixer& mixer, const WorkerModel& worker) {
  mixer.mix(worker.slot);
  mixer.mix(worker.boot);
  mixer.mix(worker.own);
  mixer.mix(worker.order);
  mixer.mix(worker.since);
  mixer.mix(worker.unkillable);
  mixer.mix(worker.worn);
  mixer.mix(worker.no_room);
  mixer.mix(worker.relieves);
}

void mix(Mixer& mixer, const GenerationModel& generation) {
  mixer.mix(generation.prepared);
  mixer.mix(generation.zygote);
  mixer.mix(generation.verdict);
  mixer.mix(generation.switched);
  mixer.mix(generation.is_canary);
  mixer.mix(generation.parked);
  mixer.mix(generation.trial);
  mixer.mix(generation.trial_ends);
  mixer.mix(generation.trial_losses);
  mixer.mix(generation.ways_back);
  mixer.mix(generation.is_same);
  mixer.mix(generation.failures_known);
  for (const auto& [slot, loss] : generation.losses) {
    mixer.mix(slot);
    mixer.mix(loss.retry_at);
    mixer.mix(loss.failures ? std::int64_t{*loss.failures} : -1);
  }
}

}  // namespace

std::uint64_t fingerprint(const World& world) {
  Mixer mixer(world.model.now);
  mixer.mix(world.app.phase);
  mixer.mix(world.app.outcome);
  mixer.mix(world.app.reload_wanted);
  mixer.mix(world.app.reload_held_back);
  mixer.mix(world.app.last_generation);
  mixer.mix(world.app.last_worker);
  for (const core::Generation& generation : world.app.generations) mix(mixer, generation);
  for (const auto& [id, generation] : world.model.generations) mix(mixer, generation);
  for (const auto& [id, worker] : world.model.workers) mix(mixer, worker);
  mixer.mix(world.model.quick);
  mixer.mix(world.model.trigger);
  mixer.mix(world.model.held_back);
  mixer.mix(world.model.stopped);
  return mixer.hash();
}

}  // namespace hupd::sim
