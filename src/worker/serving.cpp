#include "worker/serving.hpp"

#include "connection/service.hpp"
#include "http/service.hpp"
#include "worker/host.hpp"
#include "worker/host_serving.hpp"

namespace hupd::worker {

namespace {

// The listener height: the application does it all.
class ListenerServing final : public Serving {
 public:
  ListenerServing(const Ground& ground, Assigned assigned, OnDrained on_drained)
      : ground_(ground), listeners_(std::move(assigned.listeners)) {
    for (const auto& l : listeners_) {
      views_.push_back({{l.address.data(), l.address.size()}, l.fd.get()});
    }
    ground_.handle.drained = std::move(on_drained);
  }

  os::Result<void> accept() override {
    const auto& ops = *ground_.application.table().listener;
    const int result =
        ops.listen(ground_.application.instance(), &ground_.handle, views_.data(), views_.size());
    if (result == 0) return {};
    return os::refused("listen failed with " + std::to_string(result) + ": " + take_failure());
  }
  void drain(const std::vector<std::string>&) override {
    ground_.application.table().listener->drain(ground_.application.instance(), &ground_.handle);
  }
  void retire(const std::vector<std::string>& removed) override { drain(removed); }
  void release_idle() override {}  // the application knows only that it drains
  std::uint64_t quit() override {
    const auto& counters = ground_.handle.counters;
    return counters.accepted - counters.closed;
  }

 private:
  Ground ground_;
  std::vector<Listener> listeners_;
  std::vector<hupd_listener> views_;
};

std::unique_ptr<connection::Service> make_service(const Ground& ground) {
  const connection::Worker worker{ground.loop,
                                  ground.application.table(),
                                  ground.application.instance(),
                                  &ground.handle,
                                  ground.settings,
                                  host_table(),
                                  ground.handle.counters};
  return ground.application.table().http != nullptr ? http1::make_service(worker)
                                                    : connection::make_service(worker);
}

}  // namespace

std::unique_ptr<Serving> make_serving(const Ground& ground, Assigned assigned,
                                      OnDrained on_drained) {
  if (ground.application.table().listener != nullptr) {
    return std::make_unique<ListenerServing>(ground, std::move(assigned), std::move(on_drained));
  }
  return std::make_unique<HostServing>(make_service(ground), ground, std::move(assigned),
                                       std::move(on_drained));
}

}  // namespace hupd::worker
