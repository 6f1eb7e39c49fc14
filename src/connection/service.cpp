#include "connection/service.hpp"

#include "connection/app_connection.hpp"
#include "connection/hub_service.hpp"
#include "connection/table.hpp"

namespace hupd::connection {
namespace {

Policy policy_of(const config::Connection& settings) {
  return {.unread_limit = settings.read_buffer,
          .write_high_mark = settings.write_high_mark,
          .write_timeout = config::Millis(0),  // the idle timeout covers it
          .linger_timeout = settings.linger_timeout};
}

struct OwnContext {
  explicit OwnContext(const Worker& worker)
      : hub(worker.loop, worker.counters),
        app(worker, worker.table.connection, handover::Protocol::Bytes, hub) {}

  Hub hub;
  AppContext app;
};

class AppService final : public HubService<OwnContext> {
 public:
  using HubService::HubService;

  void accept(os::Fd fd, os::Peer peer, std::string_view listener) override {
    (new hupd_connection(context_.app, {std::move(fd), peer, listener, {}}))
        ->open();  // owns itself
  }
  bool speaks(handover::Protocol protocol) const override {
    return protocol == context_.app.protocol;
  }
  void adopt(handover::Parcel parcel, os::Fd fd) override {
    auto* connection = new hupd_connection(
        context_.app, {std::move(fd), parcel.peer, parcel.listener, parcel.unread});
    connection->adopt(parcel);
  }
  void turn_away(handover::Parcel parcel, os::Fd fd) override {
    (new hupd_connection(context_.app, {std::move(fd), parcel.peer, parcel.listener, {}}))
        ->turn_away();
  }
};

}  // namespace

AppContext::AppContext(const Worker& for_worker, const hupd_connection_ops* table,
                       handover::Protocol speaks, Hub& shared)
    : worker(for_worker),
      ops(complete(table)),
      protocol(speaks),
      policy(policy_of(for_worker.settings.connection)),
      hub(shared) {}

std::unique_ptr<Service> make_service(const Worker& worker) {
  return std::make_unique<AppService>(worker);
}

}  // namespace hupd::connection
