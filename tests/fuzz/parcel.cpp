// Any packets at all on the hand-over queue, with any descriptors: a sibling may have written them.
// What must hold, beside what the sanitizers see: each connection that arrives has a socket, a
// batch is no larger than may be, nothing is larger than the receiver takes, and no descriptor is
// left.
#include <cstdio>

#include "handover/queue.hpp"
#include "os/stream_socket.hpp"
#include "packets.hpp"

namespace {

using namespace hupd;

constexpr std::size_t max_body = 1000;

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

// False: there is no more.
bool receive_one(int queue) {
  const auto received = handover::receive(queue, max_body);
  if (std::holds_alternative<handover::Malformed>(received)) return true;
  const auto* arrivals = std::get_if<handover::Arrivals>(&received);
  if (arrivals == nullptr) return false;
  if (arrivals->empty() || arrivals->size() > handover::most_in_batch) fail("a batch of no size");
  for (const auto& [parcel, fd] : *arrivals) {
    if (!os::is_socket(fd.get())) fail("no socket");
    if (parcel.unread.size() + parcel.state.size() > max_body) fail("too large");
    if (parcel.is_cut && !(parcel.unread + parcel.state).empty()) fail("cut, and not");
    if (arrivals->size() > 1 && !handover::is_light(parcel)) fail("a heavy one in a batch");
    static_cast<void>(parcel.peer.text());
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Palette palette;
  std::string_view input(reinterpret_cast<const char*>(data), size);
  const int before = fuzz::lowest_free();
  {
    auto queue = os::channel_pair();
    if (!queue) fail("no queue");
    while (fuzz::send_one(input, queue->first.get(), palette)) {
    }
    queue->first.reset();
    while (receive_one(queue->second.get())) {
    }
  }
  if (fuzz::lowest_free() != before) fail("a descriptor was left open");
  return 0;
}
