#include "connections.hpp"

#include <algorithm>
#include <numeric>

namespace hupd::sim {
namespace {

using Role = Connections::Role;

constexpr std::size_t room = 3;  // in the hand-over queue

bool is_active(QueueFault fault) { return active_queue_fault == fault; }

bool pass_one(std::vector<int>& from, std::vector<int>& to) {
  if (from.empty()) return false;
  to.push_back(from.front());
  from.erase(from.begin());
  return true;
}

void pass_all(std::vector<int>& from, std::vector<int>& to) {
  while (pass_one(from, to)) {
  }
}

bool are_in_one_place(const Connections& all) {
  std::vector<int> found = all.listening;
  const auto add = [&](const std::vector<int>& more) {
    found.insert(found.end(), more.begin(), more.end());
  };
  add(all.queue);
  add(all.closed);
  add(all.lost);
  for (const auto& [id, holder] : all.holders) add(holder.hand);
  std::sort(found.begin(), found.end());
  std::vector<int> each(static_cast<std::size_t>(all.arrived));
  std::iota(each.begin(), each.end(), 1);
  return found == each;
}

}  // namespace

bool Connections::may_come() const {
  if (is_active(QueueFault::WrittenAfterItsEnd)) return false;
  return std::any_of(holders.begin(), holders.end(),
                     [](const auto& entry) { return entry.second.role == Role::HandsOver; });
}

bool Connections::turn(WorkerId worker) {
  Holder& self = holders.at(worker);
  if (self.may_lose) return false;  // it is leaving
  switch (self.role) {
    case Role::Serves:
      return pass_one(queue, self.hand) || pass_one(listening, self.hand);
    case Role::HandsOver:
      if (stopping && !is_active(QueueFault::WrittenAfterItsEnd)) {
        self.role = Role::Last;
        return true;
      }
      if (is_active(QueueFault::SentAndKept) && !self.hand.empty() && queue.size() < room) {
        queue.push_back(self.hand.front());
        return true;
      }
      return queue.size() < room && pass_one(self.hand, queue);
    case Role::Last:
      return pass_one(self.hand, closed) || pass_one(queue, self.hand);
  }
  return false;
}

void Connections::come_to_rest() {
  bool moved = true;
  while (moved && are_in_one_place(*this)) {  // a planted fault may give one away for ever
    moved = false;
    for (const auto& [id, holder] : holders) moved = turn(id) || moved;
  }
}

bool Connections::may_leave(WorkerId worker) const {
  const auto found = holders.find(worker);
  if (found == holders.end() || found->second.may_lose) return true;
  if (!found->second.hand.empty()) return false;
  if (is_active(QueueFault::LeftBeforeItsEnd)) return true;
  return found->second.role != Role::Last || (queue.empty() && !may_come());
}

void Connections::ordered(const Action& action) {
  const auto hurried = [&](WorkerId worker) {
    const auto found = holders.find(worker);
    if (found != holders.end()) found->second.may_lose = true;
  };
  if (const auto* accept = std::get_if<core::Accept>(&action)) holders[accept->worker] = {};
  if (const auto* drain = std::get_if<core::Drain>(&action)) {
    Holder& self = holders[drain->worker];
    self.role = stopping ? Role::Last : Role::HandsOver;
    if (stopping) pass_all(listening, self.hand);  // wire::Removed
  }
  if (const auto* quit = std::get_if<core::Quit>(&action)) hurried(quit->worker);
  if (const auto* abort = std::get_if<core::Abort>(&action)) hurried(abort->worker);
  if (const auto* kill = std::get_if<core::Kill>(&action)) hurried(kill->worker);
}

std::vector<std::string> Connections::follow(const Event& event, const std::vector<Action>& actions,
                                             const Model& model) {
  std::vector<std::string> broken;
  const auto expect = [&](bool holds, const char* promise) {
    if (!holds) broken.emplace_back(promise);
  };
  stopping = model.stopping;
  if (const auto* failed = std::get_if<core::WorkerFailed>(&event)) {
    const auto self = holders.find(failed->worker);
    if (self != holders.end()) self->second.may_lose = true;
  }
  if (const auto* exited = std::get_if<core::WorkerExited>(&event)) {
    const auto self = holders.find(exited->worker);
    if (self != holders.end()) {
      Holder gone = std::move(self->second);
      holders.erase(self);
      const bool politely = exited->exit.clean && !gone.may_lose;
      expect(!politely || gone.hand.empty(), "a connection is lost with a process that failed");
      expect(!politely || gone.role != Role::Last || (queue.empty() && !may_come()),
             "the hand-over queue is read to its end");
      pass_all(gone.hand, lost);
    }
  }
  for (const Action& action : actions) ordered(action);
  expect(are_in_one_place(*this), "every connection is in exactly one place");
  return broken;
}

std::vector<std::string> check_stopped(const Connections& before, const Connections& after) {
  std::size_t excused = before.lost.size();
  bool anybody_well = false;
  for (const auto& [id, holder] : before.holders) {
    if (holder.may_lose) excused += holder.hand.size();
    // One that retires and has nothing left may be gone before it hears of the stop.
    const bool goes = holder.may_lose || (holder.role == Role::HandsOver && holder.hand.empty());
    anybody_well = anybody_well || !goes;
  }
  std::vector<std::string> broken;
  if (after.lost.size() > excused) broken.emplace_back("a stop loses no connection");
  if (anybody_well && !after.queue.empty()) {
    broken.emplace_back("a stop leaves nothing in the hand-over queue");
  }
  return broken;
}

}  // namespace hupd::sim
