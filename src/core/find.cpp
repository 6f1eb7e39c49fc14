#include "core/find.hpp"

#include <algorithm>

#include "core/rules.hpp"

namespace hupd::core {
namespace {

template <typename Container, typename Predicate>
auto find_in(Container& container, Predicate predicate) -> decltype(container.data()) {
  const auto found = std::find_if(container.begin(), container.end(), predicate);
  return found == container.end() ? nullptr : &*found;
}

// By binary search: ids only grow, so the vector is in their order.
template <typename SomeGeneration>
auto* find_in_generation(SomeGeneration& generation, WorkerId id) {
  const auto found =
      std::lower_bound(generation.workers.begin(), generation.workers.end(), id,
                       [](const Worker& w, WorkerId wanted) { return w.id < wanted; });
  const bool is_there = found != generation.workers.end() && found->id == id;
  return is_there ? &*found : nullptr;
}

template <typename State>
auto find_kept_in(State& state, GenerationId to) -> decltype(state.generations.data()) {
  decltype(state.generations.data()) kept = nullptr;
  for (auto& generation : state.generations) {  // oldest first
    const bool is_it = to == 0 || generation.id == to;
    if (is_it && generation.state == GenerationState::Parked) kept = &generation;
  }
  return kept;
}

bool is_serving(const Generation& generation) {
  return generation.state == GenerationState::Serving;
}

bool is_in_flight(const Generation& generation) { return rules::in_flight(generation.state); }

}  // namespace

Generation* find_generation(AppState& state, GenerationId id) {
  return find_in(state.generations, [&](const Generation& g) { return g.id == id; });
}

Generation* find_serving(AppState& state) { return find_in(state.generations, is_serving); }

const Generation* find_serving(const AppState& state) {
  return find_in(state.generations, is_serving);
}

Generation* find_in_flight(AppState& state) { return find_in(state.generations, is_in_flight); }

const Generation* find_in_flight(const AppState& state) {
  return find_in(state.generations, is_in_flight);
}

bool is_reloading(const AppState& state) { return find_in_flight(state) != nullptr; }

Generation* find_kept(AppState& state, GenerationId to) { return find_kept_in(state, to); }
const Generation* find_kept(const AppState& state, GenerationId to) {
  return find_kept_in(state, to);
}

GenerationId find_taking(const AppState& state) {
  GenerationId taking = 0;
  for (const Generation& generation : state.generations) {
    const bool takes = generation.state == GenerationState::Switching || is_serving(generation);
    if (takes) taking = generation.id;  // one that switches is the younger one
  }
  return taking;
}

Found find_worker(AppState& state, WorkerId id) {
  for (Generation& generation : state.generations) {
    Worker* worker = find_in_generation(generation, id);
    if (worker != nullptr) return {&generation, worker};
  }
  return {};
}

Worker& worker_of(Generation& generation, WorkerId id) {
  return *find_in_generation(generation, id);
}

const Worker& worker_of(const Generation& generation, WorkerId id) {
  return *find_in_generation(generation, id);
}

Slot* slot_held_by(Generation& generation, WorkerId id) {
  return find_in(generation.slots, [&](const Slot& s) { return s.worker == id; });
}

Slot* slot_relieved_by(Generation& generation, WorkerId id) {
  return find_in(generation.slots, [&](const Slot& s) { return s.relief == id; });
}

std::size_t count_held(Generation& generation, WorkerState state) {
  const auto held =
      std::count_if(generation.slots.begin(), generation.slots.end(), [&](const Slot& slot) {
        return slot.worker != 0 && worker_of(generation, slot.worker).state == state;
      });
  return static_cast<std::size_t>(held);
}

std::size_t count_vacant(const Generation& generation) {
  const auto vacant = std::count_if(generation.slots.begin(), generation.slots.end(),
                                    [](const Slot& slot) { return slot.worker == 0; });
  return static_cast<std::size_t>(vacant);
}

std::size_t count_without_slot(const Generation& generation) {
  const auto without =
      std::count_if(generation.workers.begin(), generation.workers.end(), [&](const Worker& w) {
        const bool has_slot = std::any_of(generation.slots.begin(), generation.slots.end(),
                                          [&](const Slot& slot) { return slot.worker == w.id; });
        return !has_slot && w.state != WorkerState::Stuck;
      });
  return static_cast<std::size_t>(without);
}

std::size_t count_receding(const AppState& state) {
  std::size_t receding = 0;
  for (const Generation& generation : state.generations) {
    if (generation.state != GenerationState::Receding) continue;
    receding += static_cast<std::size_t>(
        std::count_if(generation.workers.begin(), generation.workers.end(),
                      [](const Worker& w) { return w.state != WorkerState::Stuck; }));
  }
  return receding;
}

}  // namespace hupd::core
