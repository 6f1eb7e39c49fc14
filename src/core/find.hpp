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
const Generation* find_serving(const AppState& state);
Generation* find_in_flight(AppState& state);
const Generation* find_in_flight(const AppState& state);
bool is_reloading(const AppState& state);
// The parked generation of that number; 0: the youngest. Null: there is none.
Generation* find_kept(AppState& state, GenerationId to);
const Generation* find_kept(const AppState& state, GenerationId to);
// The generation that is to take living connections: that which serves, or is about to.
GenerationId find_taking(const AppState& state);
Found find_worker(AppState& state, WorkerId id);

// The worker of this generation, which must exist.
Worker& worker_of(Generation& generation, WorkerId id);
const Worker& worker_of(const Generation& generation, WorkerId id);
// The slot that the worker holds; null: it has left it.
Slot* slot_held_by(Generation& generation, WorkerId id);

// The slot that the worker is to take over; null: it is no relief.
Slot* slot_relieved_by(Generation& generation, WorkerId id);

// How many slots are held by a worker in this state.
std::size_t count_held(Generation& generation, WorkerState state);
std::size_t count_vacant(const Generation& generation);
// How many workers hold no slot and are not gone. One that SIGKILL cannot end does not count:
// nobody waits for it.
std::size_t count_without_slot(const Generation& generation);
// How many workers of rejected generations are there that accepted already; likewise.
std::size_t count_receding(const AppState& state);

}  // namespace hupd::core
