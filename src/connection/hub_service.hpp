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
