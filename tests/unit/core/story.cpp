#include "story.hpp"

#include <algorithm>

#include "core/step.hpp"

namespace hupd::core {

Policy policy_of(std::uint32_t workers, std::uint32_t surge) {
  Policy policy;
  policy.workers = workers;
  policy.surge = surge;
  policy.backoff_jitter_percent = 0;
  return policy;
}

Story::Story(const Policy& policy) {
  world_.next_policy = policy;
  world_.traced = true;
}

Story::~Story() {
  if (!testing::Test::HasFailure()) return;
  for (const std::string& line : world_.trace) std::cout << "  " << line << "\n";
}

void Story::send(const Event& event) {
  std::vector<Action> actions = world_.send(event);
  actions_.insert(actions_.end(), actions.begin(), actions.end());
  EXPECT_THAT(world_.broken, testing::IsEmpty());
}

void Story::happens(const Event& event) {
  actions_.clear();
  send(event);
}

void Story::prepared(GenerationId generation) { prepared(generation, world_.next_policy); }

void Story::prepared(GenerationId generation, const Policy& policy) {
  happens(Prepared{generation, policy});
}

void Story::zygote_dies(GenerationId generation) {
  happens(ZygoteExited{generation, {false, "signal 9 (SIGKILL)"}});
}

void Story::ready(GenerationId generation, std::uint32_t slot) {
  const WorkerId id = worker(generation, slot);
  actions_.clear();
  send(WorkerForked{id});
  send(WorkerReady{id});
}

void Story::all_ready(GenerationId generation) {
  std::vector<WorkerId> booting;
  for (const auto& [id, worker] : world_.model.workers) {
    const bool boots = worker.stays() && worker.boot != sim::Boot::Ready;
    if (worker.generation == generation && boots) booting.push_back(id);
  }
  actions_.clear();
  for (const WorkerId id : booting) {
    send(WorkerForked{id});
    send(WorkerReady{id});
  }
}

void Story::dies(GenerationId generation, std::uint32_t slot) { dies(worker(generation, slot)); }

void Story::dies(WorkerId worker) { happens(WorkerExited{worker, {false, "signal 11 (SIGSEGV)"}}); }

void Story::all_leave(GenerationId generation) {
  std::vector<WorkerId> leaving;
  for (const auto& [id, worker] : world_.model.workers) {
    if (worker.generation == generation && !worker.stays()) leaving.push_back(id);
  }
  const sim::GenerationModel* model = world_.model.find(generation);
  const bool zygote_leaves = model != nullptr && model->zygote == sim::ZygoteLife::Leaving;
  actions_.clear();
  for (const WorkerId id : leaving) send(WorkerExited{id, {true, "exit code 0"}});
  if (zygote_leaves) send(ZygoteExited{generation, {true, "exit code 0"}});
}

void Story::passes(Duration duration) {
  actions_.clear();
  const Time end = world_.model.now + duration;
  for (auto due = next_deadline(world_.app); due && *due <= end; due = next_deadline(world_.app)) {
    world_.model.now = *due;
    send(Tick{});
  }
  world_.model.now = end;
}

void Story::serves() {
  start();
  prepared(1);
  zygote_ready(1);
  all_ready(1);
}

void Story::boots(GenerationId generation) {
  reload();
  prepared(generation);
  zygote_ready(generation);
}

WorkerId Story::worker(GenerationId generation, std::uint32_t slot) const {
  WorkerId newest = 0;
  for (const auto& [id, worker] : world_.model.workers) {
    if (worker.generation == generation && worker.slot == slot) newest = id;
  }
  EXPECT_NE(newest, 0U) << "no worker " << slot << " of generation " << generation;
  return newest;
}

std::vector<std::string> Story::did() const {
  std::vector<std::string> words;
  for (const Action& action : actions_) words.push_back(sim::describe(action));
  return words;
}

}  // namespace hupd::core
