#include "worker/balancer.hpp"

#include <algorithm>

#include "os/clock.hpp"
#include "worker/balance.hpp"

namespace hupd::worker {

namespace {

constexpr std::uint64_t period_ms = 1000;

}  // namespace

Balancer::Balancer(const Basis& basis, connection::Service& service, int queue)
    : scoreboard_(basis.scoreboard),
      counters_(basis.handle.counters),
      service_(service),
      most_(basis.settings.handover.balance),
      outbox_(basis.loop, queue, basis.settings.handover.max_state, nullptr, [] {}),
      timer_(basis.loop, [this] { even_out(); }) {
  timer_.start(period_ms, period_ms);
}

void Balancer::even_out() {
  const auto share = count_share(scoreboard_, os::monotonic_ns());
  const auto count = std::min(surplus(counters_.open(), share), most_);
  if (count != 0) service_.hand_over_some(outbox_, count);
}

}  // namespace hupd::worker
