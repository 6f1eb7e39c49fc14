#include "keep_alive_load.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace hupd::torture {
namespace {

constexpr Duration settling = std::chrono::milliseconds(100);
constexpr Duration retry_pause = std::chrono::milliseconds(20);

}  // namespace

KeepAliveLoad::KeepAliveLoad(Run& run, std::string name, Question question, Habits habits)
    : Load(run, std::move(name), std::move(question)),
      habits_(habits),
      slots_(habits.connections) {}

void KeepAliveLoad::start() {
  // Over one round, so that whenever a reload comes it meets every stage of it.
  const Duration spread = std::max({habits_.think, body_time(), settling});
  for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
    const auto share = static_cast<double>(slot) / static_cast<double>(slots_.size());
    const auto offset = std::chrono::duration_cast<Duration>(spread * share);
    for (std::size_t i = 0; i < habits_.depth; ++i) ask_next(slot, now() + offset);
  }
}

void KeepAliveLoad::ask_next(std::size_t slot, Time intended) {
  if (intended > now()) {
    run_.loop.at(intended, [this, slot, intended] { ask_next(slot, intended); });
  } else if (!stopping_) {
    ++slots_[slot].in_flight;
    send(slot, ask(intended));
  }
}

void KeepAliveLoad::send(std::size_t slot, const Request& request) {
  Slot& mine = slots_[slot];
  if (mine.connection == nullptr || !mine.connection->usable()) {
    if (mine.connected_before) ++statistics_.reconnects;
    mine.connected_before = true;
    mine.connection = &connect(slot);
  }
  mine.connection->send(request);
}

void KeepAliveLoad::answered(Connection& from, const Request& request, const Response& response) {
  Load::answered(from, request, response);
  --slots_[from.slot()].in_flight;
  ask_next(from.slot(), now() + pause());
}

// What was refused politely is asked again at once, its waiting counted from its first intention.
// What failed is not asked again: it is lost, and the next request comes after a short pause.
void KeepAliveLoad::ended(Connection& from, Ending ending, std::deque<Request> unanswered) {
  Slot& mine = slots_[from.slot()];
  if (mine.connection == &from) mine.connection = nullptr;
  Load::ended(from, ending, {});
  for (const Request& request : unanswered) {
    ++statistics_.resent;
    send(from.slot(), request);
  }
  if (ending != Ending::Failed) return;
  const std::size_t lost = mine.in_flight;
  mine.in_flight = 0;
  for (std::size_t i = 0; i < lost; ++i) ask_next(from.slot(), now() + retry_pause);
}

Duration KeepAliveLoad::pause() {
  if (habits_.think == Duration::zero()) return {};
  std::uniform_real_distribution<double> share(1 - habits_.jitter, 1 + habits_.jitter);
  return std::chrono::duration_cast<Duration>(habits_.think * share(random_));
}

}  // namespace hupd::torture
