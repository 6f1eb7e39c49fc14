// Living connections even out: a worker that holds more than its share gives some to the others,
// once a second. Off unless handover.balance says how many.
#pragma once

#include "connection/service.hpp"
#include "loop/handle.hpp"
#include "worker/outbox.hpp"
#include "worker/serving.hpp"

namespace hupd::worker {

// From the switch until the worker drains. `queue`: the hand-over queue's writing end.
class Balancer {
 public:
  Balancer(const Basis& basis, connection::Service& service, int queue);

 private:
  void even_out();

  const wire::Scoreboard& scoreboard_;
  const connection::Counters& counters_;
  connection::Service& service_;
  std::uint64_t most_;
  Outbox outbox_;
  loop::Timer timer_;
};

}  // namespace hupd::worker
