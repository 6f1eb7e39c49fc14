#include "worker/listener_serving.hpp"

#include "connection/table.hpp"
#include "worker/host.hpp"

namespace hupd::worker {

ListenerServing::ListenerServing(const Ground& ground, Assigned assigned, OnDrained on_drained)
    : ground_(ground),
      ops_(connection::complete(ground.application.table().listener)),
      listeners_(std::move(assigned.listeners)),
      inbox_(
          std::move(assigned.handed_over), ground.settings.handover.max_state,
          [this](const handover::Parcel& parcel, os::Fd fd) { adopt(parcel, std::move(fd)); },
          [] {}),
      to_hand_over_(std::move(assigned.to_hand_over)),
      taker_(ground.loop, {}, ground.scoreboard, ground.handle.counters, {}) {
  for (const auto& l : listeners_) {
    views_.push_back({{l.address.data(), l.address.size()}, l.fd.get()});
  }
  ground_.handle.drained = std::move(on_drained);
  ground_.handle.hand_over = [this](int fd, hupd_str listener, const hupd_state& state) {
    return hand_over(fd, listener, state);
  };
}

os::Result<void> ListenerServing::accept() {
  const int result =
      ops_.listen(ground_.application.instance(), &ground_.handle, views_.data(), views_.size());
  if (result != 0) {
    return os::refused("listen failed with " + std::to_string(result) + ": " + take_failure());
  }
  taker_.start(inbox_.source());
  return {};
}

void ListenerServing::drain(const std::vector<std::string>&) {
  to_hand_over_.reset();
  ops_.drain(ground_.application.instance(), &ground_.handle);
}

void ListenerServing::retire(const std::vector<std::string>&) {
  taker_.stop();
  outbox_.emplace(ground_.loop, std::move(to_hand_over_), ground_.settings.handover.max_state,
                  [] {});
  ops_.drain(ground_.application.instance(), &ground_.handle);
}

// That the service ends, the application learns from hand_over().
void ListenerServing::release_idle() {
  if (!outbox_) return;
  outbox_.reset();
  taker_.start(inbox_.source());
}

std::uint64_t ListenerServing::quit() {
  taker_.stop();
  const auto& counters = ground_.handle.counters;
  return counters.accepted - counters.closed;
}

void ListenerServing::adopt(const handover::Parcel& parcel, os::Fd fd) {
  const hupd_state state{parcel.state_version, {parcel.state.data(), parcel.state.size()}};
  const bool is_ours = parcel.protocol == handover::Protocol::Descriptor;
  if (!is_ours || ops_.adopt == nullptr) return;
  const int result =
      ops_.adopt(ground_.application.instance(), &ground_.handle, fd.get(),
                 {parcel.listener.data(), parcel.listener.size()}, &state);
  if (result == 0) fd.release();
}

int ListenerServing::hand_over(int fd, hupd_str listener, const hupd_state& state) {
  if (!outbox_) return HUPD_NEVER;
  if (!outbox_->have_room()) return HUPD_NOT_NOW;
  handover::Parcel parcel;
  parcel.protocol = handover::Protocol::Descriptor;
  parcel.listener.assign(listener.data, listener.size);
  parcel.peer = os::Peer::of(fd);
  parcel.state_version = state.version;
  parcel.state.assign(state.bytes.data, state.bytes.size);
  switch (outbox_->give(parcel, fd)) {
    case handover::Given::Taken:
      return HUPD_MOVE;
    case handover::Given::Full:
      return HUPD_NOT_NOW;
    case handover::Given::Refused:
    case handover::Given::NobodyIs:
      break;
  }
  return HUPD_NEVER;
}

}  // namespace hupd::worker
