// The listener height: the application does it all, and the host carries what it hands over.
#pragma once

#include <optional>

#include "worker/inbox.hpp"
#include "worker/outbox.hpp"
#include "worker/serving.hpp"

namespace hupd::worker {

class ListenerServing final : public Serving {
 public:
  ListenerServing(const Basis& basis, Assigned assigned, OnDrained on_drained);

  os::Result<void> accept() override;
  void drain(const std::vector<std::string>& removed, bool is_last) override;
  void retire(const std::vector<std::string>& removed) override;
  void end_handover() override { outbox_.reset(); }
  void queue_ends() override;
  void release_idle() override {}  // the application knows only that it drains
  std::uint64_t quit() override;

 private:
  void adopt(const handover::Parcel& parcel, os::Fd fd);
  int hand_over(int fd, hupd_str listener, const hupd_state& state);

  Basis basis_;
  hupd_listener_ops ops_;
  std::vector<Listener> listeners_;
  std::vector<hupd_listener> views_;
  Inbox inbox_;
  os::Fd to_hand_over_;
  Acceptor taker_;  // of the inbox only
  std::optional<Outbox> outbox_;
};

}  // namespace hupd::worker
