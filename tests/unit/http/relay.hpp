// A service that takes over from the one under test, over a real hand-over queue.
#pragma once

#include "fixture.hpp"
#include "handover/queue.hpp"

namespace hupd::test {

class Relay final : public handover::Successors {
 public:
  Relay() {
    auto pair = os::channel_pair();
    reader_ = std::move(pair->first);
    writer_ = std::move(pair->second);
  }

  handover::Given give(std::span<const handover::Outgoing> batch) override {
    room = room && batch.size() <= fits;
    if (!room) return handover::Given::Full;
    if (!anybody) return handover::Given::NobodyIs;
    if (batch.size() > most) return handover::Given::Refused;
    batches.push_back(batch.size());
    return handover::send(writer_.get(), batch, limit).given;
  }
  bool have_room() const override { return room; }

  // Gives what has come to `next`; how many.
  int deliver(connection::Service& next) {
    int count = 0;
    for (;;) {
      auto received = handover::receive(reader_.get(), limit);
      auto* arrivals = std::get_if<handover::Arrivals>(&received);
      if (arrivals == nullptr) return count;
      for (auto& [parcel, fd] : *arrivals) {
        last = parcel;
        ++count;
        if (turn_away) {
          next.turn_away(std::move(parcel), std::move(fd));
        } else {
          next.adopt(std::move(parcel), std::move(fd));
        }
      }
    }
  }

  bool room = true;
  bool anybody = true;
  bool turn_away = false;
  std::size_t limit = std::size_t{1} << 20;
  std::size_t fits = handover::most_in_batch;  // one more finds the queue full,
  std::size_t most = handover::most_in_batch;  // or is refused
  std::vector<std::size_t> batches;            // what was sent, by how many went at once
  handover::Parcel last;

 private:
  os::Fd reader_, writer_;
};

}  // namespace hupd::test
