// The end of an app's hand-over queue.
#include "master/processes.hpp"

namespace hupd::master {

void Processes::end_handover() {
  if (told_queue_ends_) return;
  const auto for_each = [this](const auto& visit) {
    for (auto& [id, generation] : generations_) {
      for (auto& [worker_id, process] : generation.workers) visit(process);
    }
  };
  if (!std::exchange(told_end_handover_, true)) {
    for_each([](auto& process) {
      if (process.hands_over) process.child->send(wire::EndHandover{});
    });
  }
  bool may_come = false;
  for_each([&](auto& process) { may_come = may_come || process.hands_over; });
  if (may_come) return;
  told_queue_ends_ = true;
  for_each([](auto& process) { process.child->send(wire::QueueEnds{}); });
}

}  // namespace hupd::master
