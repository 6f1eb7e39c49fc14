#include "connection/departures.hpp"

#include <algorithm>
#include <utility>

namespace hupd::connection {

namespace {

// So many batches go, at the least, while what is left halves: no worker gets much more than its
// share with one.
constexpr std::size_t batches = 32;

}  // namespace

std::size_t Departures::batch_size() const {
  const std::size_t left = expected_ - std::min(gone_, expected_);
  return std::clamp<std::size_t>(left / batches, 1, handover::most_in_batch);
}

// What an application does meanwhile, when it is asked for a state, is no concern of the light ones
// that wait here: it knows nothing of them.
void Departures::ask(Connection& connection) {
  auto outgoing = connection.pack(leave_);
  if (!outgoing) return;
  if (!handover::is_light(outgoing->parcel)) {
    Connection* alone = &connection;
    return send({&alone, 1}, {&*outgoing, 1});
  }
  connections_.push_back(&connection);
  batch_.push_back(std::move(*outgoing));
  if (batch_.size() >= batch_size()) send();
}

void Departures::send() {
  if (!batch_.empty()) send(connections_, batch_);
  connections_.clear();
  batch_.clear();
}

void Departures::send(std::span<Connection* const> connections,
                      std::span<const handover::Outgoing> batch) {
  switch (can_go_on() ? successors_.give(batch) : handover::Given::Full) {
    case handover::Given::Taken:
      gone_ += connections.size();
      for (Connection* connection : connections) connection->left();
      break;
    case handover::Given::Full:
      for (Connection* connection : connections) connection->may_depart();
      break;
    case handover::Given::NobodyIs:
      found_nobody_ = true;
      break;
    case handover::Given::Refused:
      if (batch.size() == 1) return connections[0]->refused(leave_);
      for (std::size_t i = 0; i < batch.size(); ++i) {
        send(connections.subspan(i, 1), batch.subspan(i, 1));
      }
      break;
  }
}

}  // namespace hupd::connection
