// Looking things up in the state. Pointers are valid until the state's vectors change.
#pragma once

#include <cstddef>

#include "core/state.hpp"

namespace hupd::core {

struct Found {
  Generation* generation = nullptr;  // null: no such process lives
  Worker* worker = nullptr;

  explicit operator bool() const { return worker != nullptr; }
};

Generation* find_generation(AppState& state, GenerationId id);
Generation* find_serving(AppState& state);
Generation* find_in_flight(AppState& state);
Found find_worker(AppState& state, WorkerId id);

// The worker of this generation, which must exist.
Worker& worker_of(Generation& generation, WorkerId id);
// The slot that the worker holds; null: it has left it.
Slot* slot_held_by(Generation& generation, WorkerId id);

// How many slots are held by a worker in this state.
std::size_t count_held(Generation& generation, WorkerState state);
std::size_t count_vacant(const Generation& generation);

}  // namespace hupd::core
