// One worker's life, from the fork to its exit.
#pragma once

#include <string>

#include "core/events.hpp"
#include "core/turn.hpp"

namespace hupd::core {

// For the slot of that number. The generation's zygote must be ready.
WorkerId fork_worker(Turn& turn, Generation& generation, std::uint32_t slot);

// It was asked for and is not ready, nor has it failed.
bool is_booting(const Worker& worker);

// On standby or just ready: from now on it accepts.
void serve(Turn& turn, Worker& worker);

void on(Turn& turn, const WorkerForked& event);
void on(Turn& turn, const WorkerReady& event);
void on(Turn& turn, const WorkerFailed& event);
void on(Turn& turn, const WorkerStalled& event);
void on(Turn& turn, const WorkerAsksToGo& event);
void on(Turn& turn, const WorkerUnwell& event);
void on(Turn& turn, const WorkerHasNoRoom& event);
void on(Turn& turn, const WorkerExited& event);

// It ended unasked, or will not end at all. When it holds a slot, that is a loss: a serving
// generation replaces it, one in flight is rejected.
void lose(Turn& turn, Generation& generation, const Worker& worker, const std::string& why);

// Its deadline has passed.
void worker_overdue(Turn& turn, Generation& generation, Worker& worker);

}  // namespace hupd::core
