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

  handover::Given give(const handover::Parcel& parcel, int fd) override {
    if (!room) return handover::Given::Full;
    if (!anybody) return handover::Given::NobodyIs;
    return handover::send(writer_.get(), parcel, fd, limit).given;
  }
  bool have_room() const override { return room; }

  // Gives what has come to `next`; how many.
  int deliver(connection::Service& next) {
    int count = 0;
    for (;; ++count) {
      auto received = handover::receive(reader_.get(), limit);
      auto* arrival = std::get_if<handover::Arrival>(&received);
      if (arrival == nullptr) return count;
      last = arrival->parcel;
      if (turn_away) {
        next.turn_away(std::move(arrival->parcel), std::move(arrival->fd));
      } else {
        next.adopt(std::move(arrival->parcel), std::move(arrival->fd));
      }
    }
  }

  bool room = true;
  bool anybody = true;
  bool turn_away = false;
  std::size_t limit = std::size_t{1} << 20;
  handover::Parcel last;

 private:
  os::Fd reader_, writer_;
};

}  // namespace hupd::test
