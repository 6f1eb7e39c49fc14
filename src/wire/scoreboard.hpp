// The scoreboard: one shared page a worker, written by that worker alone, read by the master and
// by its siblings. Every reader treats what it reads as a claim: a worker runs foreign code.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "os/memory.hpp"

namespace hupd::wire {

inline constexpr std::size_t page_bytes = 4096;  // a worker maps its own page alone for writing
// Page 0 is the header; 1024 workers, and as many that drain.
inline constexpr std::uint32_t max_pages = 2049;

struct Header {
  // Written by the master: no page from this one on is in use.
  std::atomic<std::uint32_t> end;
  // Written by the master, before it tells anybody to hand over: the generation that takes what is
  // handed over. The others leave it alone, though they may not have read their own order yet.
  std::atomic<std::uint64_t> taking;
};

enum class Phase : std::uint32_t { Empty, Booting, Standby, Accepting, Draining };

struct alignas(64) Page {
  // Read by siblings at every accept.
  std::atomic<Phase> phase;
  std::atomic<std::uint32_t> connections;  // open now
  // CLOCK_MONOTONIC of the loop's last turn. It turns at least once in a heartbeat period; a value
  // that stands still is a loop that is stuck, whatever the value is.
  std::atomic<std::uint64_t> heartbeat_ns;

  // Read by the master about once a second.
  std::atomic<std::uint64_t> accepted;
  std::atomic<std::uint64_t> requests;
  // While it hands connections over and the queue is full: no_room. Else when that was over last,
  // as the heartbeat; 0: it never was.
  std::atomic<std::uint64_t> room_since_ns;
  // 1 while the application is asked to go on with a connection that was handed over. Who ends like
  // that has died of it.
  std::atomic<std::uint32_t> adopting;
  // The same while it is asked to take what another worker left.
  std::atomic<std::uint32_t> inheriting;

  // Read by the master when somebody asks, and at the worker's end: see connection::Counters.
  alignas(64) std::atomic<std::uint64_t> received_bytes;
  std::atomic<std::uint64_t> sent_bytes;
  std::atomic<std::uint64_t> timeouts;
  std::atomic<std::uint64_t> refused;
  std::atomic<std::uint64_t> taken_over;
};
inline constexpr std::uint64_t no_room = UINT64_MAX;
static_assert(sizeof(Page) <= page_bytes);
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

// At any time during `within_ns` until now, as far as its worker says.
bool lacked_room(const Page& page, std::uint64_t now_ns, std::uint64_t within_ns);

// A view on the table; it owns the mapping. The file is sparse: an unused page costs nothing.
class Scoreboard {
 public:
  static os::Result<os::Fd> create();  // the memfd
  static os::Result<Scoreboard> map(int fd, os::Access access);

  Header& header() const { return *reinterpret_cast<Header*>(mapping_.data()); }
  Page& page(std::uint32_t index) const {  // 1 <= index < max_pages
    return *reinterpret_cast<Page*>(mapping_.data() + index * page_bytes);
  }

 private:
  explicit Scoreboard(os::Mapping mapping) : mapping_(std::move(mapping)) {}
  os::Mapping mapping_;
};

// One page for writing, as its worker maps it.
class OwnPage {
 public:
  static os::Result<OwnPage> map(int fd, std::uint32_t index);
  Page* operator->() const { return reinterpret_cast<Page*>(mapping_.data()); }

 private:
  explicit OwnPage(os::Mapping mapping) : mapping_(std::move(mapping)) {}
  os::Mapping mapping_;
};

}  // namespace hupd::wire
