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
Worker* find_in_generation(Generation& generation, WorkerId id) {
  const auto found =
      std::lower_bound(generation.workers.begin(), generation.workers.end(), id,
                       [](const Worker& w, WorkerId wanted) { return w.id < wanted; });
  return found == generation.workers.end() || found->id != id ? nullptr : &*found;
}

}  // namespace

Generation* find_generation(AppState& state, GenerationId id) {
  return find_in(state.generations, [&](const Generation& g) { return g.id == id; });
}

Generation* find_serving(AppState& state) {
  return find_in(state.generations,
                 [](const Generation& g) { return g.state == GenerationState::Serving; });
}

Generation* find_in_flight(AppState& state) {
  return find_in(state.generations, [](const Generation& g) { return rules::in_flight(g.state); });
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

Slot* slot_held_by(Generation& generation, WorkerId id) {
  return find_in(generation.slots, [&](const Slot& s) { return s.worker == id; });
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

}  // namespace hupd::core
