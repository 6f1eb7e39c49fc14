#include "worker/serving.hpp"

#include "connection/service.hpp"
#include "http/service.hpp"
#include "worker/host.hpp"

namespace hupd::worker {

namespace {

using OnDrained = std::function<void()>;

// The connection and http heights: the host accepts and owns the connections.
class HostServing final : public Serving {
 public:
  HostServing(std::unique_ptr<connection::Service> service, const Basis& basis,
              std::vector<Listener> listeners, OnDrained on_drained)
      : service_(std::move(service)),
        acceptor_(
            basis.loop, std::move(listeners), basis.scoreboard, basis.handle.counters,
            [this](os::Fd fd, const os::Peer& peer) { service_->accept(std::move(fd), peer); }),
        on_drained_(std::move(on_drained)) {}

  os::Result<void> accept() override {
    acceptor_.start();
    return {};
  }
  void drain(const std::vector<std::string>& removed) override {
    acceptor_.stop(removed);
    service_->on_empty(on_drained_);
    draining_ = true;
    service_->drain();
    if (releasing_) service_->release_idle();
    if (service_->open() == 0) on_drained_();
  }
  void release_idle() override {
    releasing_ = true;
    if (draining_) service_->release_idle();
  }
  std::uint64_t quit() override {
    acceptor_.stop({});
    return service_->quit();
  }

 private:
  std::unique_ptr<connection::Service> service_;
  Acceptor acceptor_;
  OnDrained on_drained_;
  bool draining_ = false;
  bool releasing_ = false;
};

// The listener height: the application does it all.
class ListenerServing final : public Serving {
 public:
  ListenerServing(const Basis& basis, std::vector<Listener> listeners, OnDrained on_drained)
      : basis_(basis), listeners_(std::move(listeners)) {
    for (const auto& l : listeners_) {
      views_.push_back({{l.address.data(), l.address.size()}, l.fd.get()});
    }
    basis_.handle.drained = std::move(on_drained);
  }

  os::Result<void> accept() override {
    const auto& ops = *basis_.application.table().listener;
    const int result =
        ops.listen(basis_.application.instance(), &basis_.handle, views_.data(), views_.size());
    if (result == 0) return {};
    return os::refused("listen failed with " + std::to_string(result) + ": " + take_failure());
  }
  void drain(const std::vector<std::string>&) override {
    basis_.application.table().listener->drain(basis_.application.instance(), &basis_.handle);
  }
  void release_idle() override {}  // the application knows only that it drains
  std::uint64_t quit() override { return basis_.handle.counters.open(); }

 private:
  Basis basis_;
  std::vector<Listener> listeners_;
  std::vector<hupd_listener> views_;
};

std::unique_ptr<connection::Service> make_service(const Basis& basis) {
  const connection::Worker worker{basis.loop,
                                  basis.application.table(),
                                  basis.application.instance(),
                                  &basis.handle,
                                  basis.settings,
                                  host_table(),
                                  basis.handle.counters};
  return basis.application.table().http != nullptr ? http1::make_service(worker)
                                                   : connection::make_service(worker);
}

}  // namespace

std::unique_ptr<Serving> make_serving(const Basis& basis, std::vector<Listener> listeners,
                                      std::function<void()> on_drained) {
  if (basis.application.table().listener != nullptr) {
    return std::make_unique<ListenerServing>(basis, std::move(listeners), std::move(on_drained));
  }
  return std::make_unique<HostServing>(make_service(basis), basis, std::move(listeners),
                                       std::move(on_drained));
}

}  // namespace hupd::worker
