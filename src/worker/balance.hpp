// Whether a worker leaves a waiting connection to its siblings.
//
// Every idle worker is woken for a connection and one of them gets it. EPOLLEXCLUSIVE would wake
// one only, but that one may first run a slow handler, or crash, while an idle sibling sleeps; and
// those woken in vain had nothing to do. Without more, whoever is quickest gets most, and with
// keep-alive that lasts. So a worker that holds more than its share stands back for a moment. A
// share counts only workers that accept and whose loop turns: a stuck one would else hold the
// healthy ones back. And when standing back was in vain (the connection still waits afterwards),
// nobody else wants it: the worker takes it and for a while does not stand back again.
#pragma once

#include <cstdint>

#include "wire/scoreboard.hpp"

namespace hupd::worker {

// How long a worker stands back; the shortest timer that libuv has.
inline constexpr std::uint64_t stand_back_ms = 1;
// How long it does not, after it was in vain.
inline constexpr std::uint64_t greedy_ms = 20;
// A loop turns at least once in a heartbeat period, one second at the most.
inline constexpr std::uint64_t stale_after_ns = 2'500'000'000;

struct Share {
  std::uint64_t connections = 0;  // of the workers that count, this one included
  std::uint64_t workers = 0;
};

Share count_share(const wire::Scoreboard& scoreboard, std::uint64_t now_ns);

// True above the average by more than one connection and a sixteenth.
bool holds_more(std::uint64_t own, const Share& share);
// How many that is above the average; 0: it does not hold more.
std::uint64_t surplus(std::uint64_t own, const Share& share);

}  // namespace hupd::worker
