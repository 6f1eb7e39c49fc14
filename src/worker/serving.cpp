#include "worker/serving.hpp"

#include "connection/service.hpp"
#include "http/service.hpp"
#include "worker/host.hpp"
#include "worker/host_serving.hpp"
#include "worker/listener_serving.hpp"

namespace hupd::worker {

namespace {

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
