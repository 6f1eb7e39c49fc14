#include "worker/host_serving.hpp"

namespace hupd::worker {

HostServing::HostServing(std::unique_ptr<connection::Service> service, const Ground& ground,
                         Assigned assigned, OnDrained on_drained)
    : ground_(ground),
      service_(std::move(service)),
      inbox_(
          std::move(assigned.handed_over), ground.settings.handover.max_state,
          [this](handover::Parcel parcel, os::Fd fd) { adopt(std::move(parcel), std::move(fd)); },
          [this] {
            inbox_ended_ = true;
            leave_if_done();
          }),
      to_hand_over_(std::move(assigned.to_hand_over)),
      acceptor_(ground.loop, std::move(assigned.listeners), ground.scoreboard,
                ground.handle.counters,
                [this](os::Fd fd, const os::Peer& peer, const std::string& listener) {
                  service_->accept(std::move(fd), peer, listener);
                }),
      on_drained_(std::move(on_drained)) {
  service_->on_empty([this] { leave_if_done(); });
}

os::Result<void> HostServing::accept() {
  acceptor_.start();
  take_from_inbox();
  return {};
}

void HostServing::take_from_inbox() {
  inbox_ended_ = false;
  acceptor_.start(inbox_.source());
}

void HostServing::adopt(handover::Parcel parcel, os::Fd fd) {
  service_->adopt(std::move(parcel), std::move(fd));
  if (releasing_) service_->release_idle();
}

// Nobody takes over. What was handed over already is served here, to the end of the queue: that is
// when the last process that could write to it has let go of it.
void HostServing::drain(const std::vector<std::string>& removed) {
  acceptor_.stop_listening(removed);
  draining_ = true;
  to_hand_over_.reset();
  service_->drain();
  if (releasing_) service_->release_idle();
  leave_if_done();
}

void HostServing::retire(const std::vector<std::string>& removed) {
  acceptor_.stop_listening(removed);
  acceptor_.stop();
  draining_ = true;
  outbox_.emplace(ground_.loop, std::move(to_hand_over_), ground_.settings.handover.max_state,
                  [this] { service_->go_on_handing_over(); });
  service_->hand_over(*outbox_);
  leave_if_done();
}

void HostServing::release_idle() {
  releasing_ = true;
  if (outbox_) {
    service_->stop_handing_over();
    outbox_.reset();
    take_from_inbox();
  }
  if (draining_) service_->release_idle();
}

void HostServing::leave_if_done() {
  if (draining_ && service_->open() == 0 && (outbox_ || inbox_ended_)) on_drained_();
}

std::uint64_t HostServing::quit() {
  acceptor_.stop();
  return service_->quit();
}

}  // namespace hupd::worker
