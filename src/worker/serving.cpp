#include "worker/serving.hpp"

#include "connection/service.hpp"
#include "http/service.hpp"
#include "worker/host.hpp"
#include "worker/host_serving.hpp"
#include "worker/listener_serving.hpp"

namespace hupd::worker {

namespace {

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

bool may_take(const Basis& basis) {
  return basis.scoreboard.header().taking == basis.handle.generation;
}

std::unique_ptr<Serving> make_serving(const Basis& basis, Assigned assigned, OnDrained on_drained) {
  if (basis.application.table().listener != nullptr) {
    return std::make_unique<ListenerServing>(basis, std::move(assigned), std::move(on_drained));
  }
  return std::make_unique<HostServing>(make_service(basis), basis, std::move(assigned),
                                       std::move(on_drained));
}

}  // namespace hupd::worker
