#include "core/stall.hpp"

#include <algorithm>

namespace hupd::core {
namespace {

constexpr int late_factor = 3;  // periods between two looks that still count as punctual

bool is_late(const StallWatch& watch, Time now) {
  return !watch.last_look || now - *watch.last_look > watch.period * late_factor;
}

Time last_sign_of_life(const StallWatch& watch, const Heartbeat& heartbeat, Time now) {
  const auto known =
      std::find_if(watch.watched.begin(), watch.watched.end(),
                   [&](const StallWatch::Watched& w) { return w.worker == heartbeat.worker; });
  const bool unchanged = known != watch.watched.end() && known->count == heartbeat.count;
  return unchanged ? known->since : now;
}

}  // namespace

std::vector<WorkerId> look(StallWatch& watch, const std::vector<Heartbeat>& heartbeats, Time now) {
  if (is_late(watch, now)) watch.watched.clear();
  watch.last_look = now;

  std::vector<WorkerId> stalled;
  std::vector<StallWatch::Watched> seen;
  for (const Heartbeat& heartbeat : heartbeats) {
    Time since = last_sign_of_life(watch, heartbeat, now);
    const Duration timeout = heartbeat.stall_timeout;
    if (timeout > Duration{0} && now - since >= timeout) {
      stalled.push_back(heartbeat.worker);
      since = now;
    }
    seen.push_back({heartbeat.worker, heartbeat.count, since});
  }
  watch.watched = std::move(seen);
  return stalled;
}

}  // namespace hupd::core
