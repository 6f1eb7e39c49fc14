// The connection and http heights: the host accepts, owns the connections, and hands them over.
#pragma once

#include <optional>

#include "connection/service.hpp"
#include "worker/balancer.hpp"
#include "worker/inbox.hpp"
#include "worker/outbox.hpp"
#include "worker/serving.hpp"

namespace hupd::worker {

class HostServing final : public Serving {
 public:
  HostServing(std::unique_ptr<connection::Service> service, const Basis& basis, Assigned assigned,
              OnDrained on_drained);

  os::Result<void> accept() override;
  void drain(const std::vector<std::string>& removed, bool is_last) override;
  void retire(const std::vector<std::string>& removed) override;
  void end_handover() override;
  void queue_ends() override;
  void release_idle() override;
  std::uint64_t quit() override;

 private:
  void adopt(handover::Parcel parcel, os::Fd fd);
  void leave_if_done();

  Basis basis_;
  std::unique_ptr<connection::Service> service_;
  Inbox inbox_;
  os::Fd to_hand_over_;  // for balancer and outbox
  Acceptor acceptor_;
  OnDrained on_drained_;
  std::optional<Balancer> balancer_;  // while it serves
  std::optional<Outbox> outbox_;      // while it hands over
  bool draining_ = false;             // or handing over: it accepts no more
  bool releasing_ = false;            // the service ends
  bool is_last_ = false;              // the app ends: waits for the queue's end
  bool queue_emptied_ = false;        // nobody writes to it any more, and nothing is left in it
};

}  // namespace hupd::worker
