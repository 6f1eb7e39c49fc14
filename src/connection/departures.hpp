// Connections on their way out of a worker: asked one by one, and sent several at a time.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "connection/connection.hpp"
#include "handover/successors.hpp"

namespace hupd::connection {

// For one turn of the loop. Ends with send().
class Departures {
 public:
  // `expected`: about how many will go, now or in later turns. The fewer are left, the smaller are
  // the batches: each is taken by one worker, and all are to get their share.
  Departures(handover::Successors& successors, Leave leave, std::size_t expected)
      : successors_(successors), leave_(leave), expected_(expected) {}

  // It goes, alone at once or in a batch; or it stays, and when that is for want of room it may
  // depart again.
  void ask(Connection& connection);
  void send();  // what there is of a batch

  bool can_go_on() const { return !found_nobody_ && successors_.have_room(); }
  bool found_nobody() const { return found_nobody_; }
  std::size_t gone() const { return gone_; }
  std::size_t waiting() const { return batch_.size(); }

 private:
  std::size_t batch_size() const;
  void send(std::span<Connection* const> connections, std::span<const handover::Outgoing> batch);

  handover::Successors& successors_;
  Leave leave_;
  std::size_t expected_;
  std::size_t gone_ = 0;
  bool found_nobody_ = false;
  std::vector<Connection*> connections_;  // of the batch
  std::vector<handover::Outgoing> batch_;
};

}  // namespace hupd::connection
