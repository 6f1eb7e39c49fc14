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

class AppService final : public HubService<AppContext> {
 public:
  using HubService::HubService;

  void accept(os::Fd fd, os::Peer peer, std::string_view listener) override {
    (new hupd_connection(context_, {std::move(fd), peer, listener, {}}))->open();  // owns itself
  }
  void adopt(handover::Parcel parcel, os::Fd fd) override {
    auto* connection =
        new hupd_connection(context_, {std::move(fd), parcel.peer, parcel.listener, parcel.unread});
    connection->adopt(parcel);
  }
  void turn_away(handover::Parcel parcel, os::Fd fd) override {
    (new hupd_connection(context_, {std::move(fd), parcel.peer, parcel.listener, {}}))->turn_away();
  }
};

}  // namespace

AppContext::AppContext(const Worker& for_worker)
    : worker(for_worker),
      ops(complete(for_worker.table.connection)),
      policy(policy_of(for_worker.settings.connection)),
      hub(for_worker.loop, for_worker.counters) {}

std::unique_ptr<Service> make_service(const Worker& worker) {
  return std::make_unique<AppService>(worker);
}

}  // namespace hupd::connection
