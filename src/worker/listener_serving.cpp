#include "worker/listener_serving.hpp"

#include "connection/table.hpp"
#include "os/stream_socket.hpp"
#include "worker/host.hpp"

namespace hupd::worker {

ListenerServing::ListenerServing(const Basis& basis, Assigned assigned, OnDrained on_drained)
    : basis_(basis),
      ops_(connection::complete(basis.application.table().listener)),
      listeners_(std::move(assigned.listeners)),
      inbox_(
          basis.loop, std::move(assigned.handed_over), basis.settings.handover.max_state,
          [this] { return may_take(basis_); },
          [this](const handover::Parcel& parcel, os::Fd fd) { adopt(parcel, std::move(fd)); }),
      to_hand_over_(std::move(assigned.to_hand_over)),
      taker_(basis.loop, {}, basis.scoreboard, basis.handle.counters, {}) {
  for (const auto& l : listeners_) {
    views_.push_back({{l.address.data(), l.address.size()}, l.fd.get()});
  }
  basis_.handle.drained = std::move(on_drained);
  basis_.handle.hand_over = [this](int fd, hupd_str listener, const hupd_state& state) {
    return hand_over(fd, listener, state);
  };
}

os::Result<void> ListenerServing::accept() {
  const int result =
      ops_.listen(basis_.application.instance(), &basis_.handle, views_.data(), views_.size());
  if (result != 0) {
    return os::refused("listen failed with " + std::to_string(result) + ": " + take_failure());
  }
  taker_.start(inbox_.source());
  return {};
}

// The application says when it has drained; until then it is given what is in the queue.
void ListenerServing::drain(const std::vector<std::string>&, bool) {
  ops_.drain(basis_.application.instance(), &basis_.handle);
}

void ListenerServing::retire(const std::vector<std::string>&) {
  taker_.stop();
  outbox_.emplace(basis_.loop, to_hand_over_.get(), basis_.settings.handover.max_state,
                  basis_.handle.room_since_ns, [] {});
  ops_.drain(basis_.application.instance(), &basis_.handle);
}

void ListenerServing::queue_ends() {
  inbox_.empty([] {});
}

std::uint64_t ListenerServing::quit() {
  taker_.stop();
  return basis_.handle.counters.open();
}

void ListenerServing::adopt(const handover::Parcel& parcel, os::Fd fd) {
  ++basis_.handle.counters.taken_over;
  const hupd_state state{parcel.state_version, {parcel.state.data(), parcel.state.size()}};
  const bool is_ours = parcel.protocol == handover::Protocol::Descriptor;
  if (!is_ours) log_line(HUPD_WARNING, other_height);
  if (!is_ours || parcel.is_cut || ops_.adopt == nullptr) return;
  if (basis_.handle.refuses_adoption) return;
  const Adopting adopting(basis_.handle);
  const int result = ops_.adopt(basis_.application.instance(), &basis_.handle, fd.get(),
                                {parcel.listener.data(), parcel.listener.size()}, &state);
  if (result == 0) fd.release();
}

int ListenerServing::hand_over(int fd, hupd_str listener, const hupd_state& state) {
  if (!outbox_) return HUPD_NEVER;
  if (!os::is_socket(fd)) {
    log_line(HUPD_ERROR, "hand_over: this is no socket");
    return HUPD_NEVER;
  }
  if (!outbox_->have_room()) return HUPD_NOT_NOW;
  handover::Outgoing outgoing{{}, fd};
  handover::Parcel& parcel = outgoing.parcel;
  parcel.protocol = handover::Protocol::Descriptor;
  parcel.listener.assign(listener.data, listener.size);
  parcel.peer = os::Peer::of(fd);
  parcel.state_version = state.version;
  parcel.state.assign(state.bytes.data, state.bytes.size);
  switch (outbox_->give({&outgoing, 1})) {
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
