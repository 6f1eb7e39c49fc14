// What services do alike whose connections are in a hub, whatever those speak.
#pragma once

#include <cstddef>
#include <functional>
#include <utility>

#include "connection/hub.hpp"
#include "connection/service.hpp"

namespace hupd::connection {

// `Context` is what the connections of the service share: made of a Worker, with a Hub `hub`.
template <class Context>
class HubService : public Service {
 public:
  explicit HubService(const Worker& worker) : context_(worker) {}

  void drain() override { context_.hub.drain(); }
  void hand_over(handover::Successors& successors) override { context_.hub.hand_over(successors); }
  void go_on_handing_over() override { context_.hub.go_on(); }
  void stop_handing_over() override { context_.hub.stop_handing_over(); }
  std::size_t hand_over_some(handover::Successors& successors, std::size_t most) override {
    return context_.hub.hand_over_some(successors, most);
  }
  void release_idle() override { context_.hub.release_idle(); }
  std::size_t quit() override { return context_.hub.abort_all(); }
  std::size_t open() const override { return context_.hub.open(); }
  void on_empty(std::function<void()> callback) override {
    context_.hub.on_empty(std::move(callback));
  }

 protected:
  Context context_;
};

}  // namespace hupd::connection
