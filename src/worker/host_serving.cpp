#include "worker/host_serving.hpp"

#include "os/stream_socket.hpp"
#include "worker/host.hpp"

namespace hupd::worker {

HostServing::HostServing(std::unique_ptr<connection::Service> service, const Basis& basis,
                         Assigned assigned, OnDrained on_drained)
    : basis_(basis),
      service_(std::move(service)),
      inbox_(
          basis.loop, std::move(assigned.handed_over), basis.settings.handover.max_state,
          [this] { return is_last_ || may_take(basis_); },
          [this](handover::Parcel parcel, os::Fd fd) { adopt(std::move(parcel), std::move(fd)); }),
      to_hand_over_(std::move(assigned.to_hand_over)),
      acceptor_(basis.loop, std::move(assigned.listeners), basis.scoreboard, basis.handle.counters,
                [this](os::Fd fd, const os::Peer& peer, const std::string& listener) {
                  if (peer.is_tcp()) os::send_without_delay(fd.get());  // and so it stays
                  service_->accept(std::move(fd), peer, listener);
                }),
      on_drained_(std::move(on_drained)) {
  service_->on_empty([this] { leave_if_done(); });
}

void HostServing::adopt(handover::Parcel parcel, os::Fd fd) {
  ++basis_.handle.counters.taken_over;
  if (!service_->speaks(parcel.protocol)) log_line(HUPD_WARNING, other_height);
  if (basis_.handle.refuses_adoption) {
    service_->turn_away(std::move(parcel), std::move(fd));
  } else {
    const Adopting adopting(basis_.handle);
    service_->adopt(std::move(parcel), std::move(fd));
  }
  if (releasing_) service_->release_idle();
}

os::Result<void> HostServing::accept() {
  acceptor_.start();
  acceptor_.start(inbox_.source());
  if (basis_.settings.handover.balance != 0) {
    balancer_.emplace(basis_, *service_, to_hand_over_.get());
  }
  return {};
}

void HostServing::drain(const std::vector<std::string>& removed, bool is_last) {
  balancer_.reset();
  acceptor_.stop_listening(removed);
  draining_ = true;
  is_last_ = is_last;
  service_->drain();
  inbox_.empty([] {});  // for the case that everybody goes
  if (releasing_) service_->release_idle();
  leave_if_done();
}

void HostServing::retire(const std::vector<std::string>& removed) {
  balancer_.reset();
  acceptor_.stop_listening(removed);
  acceptor_.stop();
  draining_ = true;
  outbox_.emplace(basis_.loop, to_hand_over_.get(), basis_.settings.handover.max_state,
                  basis_.handle.room_since_ns, [this] { service_->go_on_handing_over(); });
  service_->hand_over(*outbox_);
  leave_if_done();
}

void HostServing::end_handover() {
  balancer_.reset();
  if (!outbox_) return;
  service_->stop_handing_over();
  outbox_.reset();
  is_last_ = true;
  if (releasing_) service_->release_idle();
}

void HostServing::queue_ends() {
  inbox_.empty([this] {
    queue_emptied_ = true;
    leave_if_done();
  });
}

void HostServing::release_idle() {
  releasing_ = true;
  if (draining_) service_->release_idle();
}

void HostServing::leave_if_done() {
  if (draining_ && service_->open() == 0 && (!is_last_ || queue_emptied_)) on_drained_();
}

std::uint64_t HostServing::quit() {
  acceptor_.stop();
  return service_->quit();
}

}  // namespace hupd::worker
