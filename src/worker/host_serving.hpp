// The connection and http heights: the host accepts, owns the connections, and hands them over.
#pragma once

#include <optional>

#include "connection/service.hpp"
#include "worker/inbox.hpp"
#include "worker/outbox.hpp"
#include "worker/serving.hpp"

namespace hupd::worker {

class HostServing final : public Serving {
 public:
  HostServing(std::unique_ptr<connection::Service> service, const Ground& ground, Assigned assigned,
              OnDrained on_drained);

  os::Result<void> accept() override;
  void drain(const std::vector<std::string>& removed) override;
  void retire(const std::vector<std::string>& removed) override;
  void release_idle() override;
  std::uint64_t quit() override;

 private:
  void adopt(handover::Parcel parcel, os::Fd fd);
  void take_from_inbox();
  void leave_if_done();

  Ground ground_;
  std::unique_ptr<connection::Service> service_;
  Inbox inbox_;
  os::Fd to_hand_over_;  // for the outbox; closed when there will be none
  Acceptor acceptor_;
  OnDrained on_drained_;
  std::optional<Outbox> outbox_;  // while it hands over
  bool draining_ = false;         // or handing over: it accepts no more
  bool releasing_ = false;        // the service ends
  bool inbox_ended_ = false;
};

}  // namespace hupd::worker
