#include "worker/balance.hpp"

#include <algorithm>

namespace hupd::worker {

namespace {

bool counts(const wire::Page& page, std::uint64_t now_ns) {
  if (page.phase.load(std::memory_order_relaxed) != wire::Phase::Accepting) return false;
  const std::uint64_t turned = page.heartbeat_ns.load(std::memory_order_relaxed);
  return turned + stale_after_ns > now_ns;
}

}  // namespace

Share count_share(const wire::Scoreboard& scoreboard, std::uint64_t now_ns) {
  Share share;
  const auto end =
      std::min(scoreboard.header().end.load(std::memory_order_relaxed), wire::max_pages);
  for (std::uint32_t i = 1; i < end; ++i) {
    const wire::Page& page = scoreboard.page(i);
    if (!counts(page, now_ns)) continue;
    share.connections += page.connections.load(std::memory_order_relaxed);
    ++share.workers;
  }
  return share;
}

bool holds_more(std::uint64_t own, const Share& share) {
  if (share.workers < 2) return false;
  const std::uint64_t slack = share.workers + share.connections / 16;
  return own * share.workers > share.connections + slack;
}

std::uint64_t surplus(std::uint64_t own, const Share& share) {
  if (!holds_more(own, share)) return 0;
  return own - (share.connections + share.workers - 1) / share.workers;
}

}  // namespace hupd::worker
