#include "connection/service.hpp"

#include "connection/app_connection.hpp"
#include "connection/table.hpp"

namespace hupd::connection {
namespace {

class AppService final : public Service {
 public:
  explicit AppService(const Worker& worker)
      : context_{worker, complete(worker.table.connection), policy(worker.settings.connection),
                 Hub(worker.loop, worker.counters)} {}

  void accept(os::Fd fd, os::Peer peer, std::string_view listener) override {
    (new hupd_connection(context_, {std::move(fd), peer, listener, {}}))->open();  // owns itself
  }
  void adopt(handover::Parcel parcel, os::Fd fd) override {
    auto* connection =
        new hupd_connection(context_, {std::move(fd), parcel.peer, parcel.listener, parcel.unread});
    connection->adopt(parcel);
  }
  void hand_over(handover::Successors& successors) override { context_.hub.hand_over(successors); }
  void go_on_handing_over() override { context_.hub.go_on(); }
  void stop_handing_over() override { context_.hub.stop_handing_over(); }
  void drain() override { context_.hub.drain(); }
  void release_idle() override { context_.hub.release_idle(); }
  std::size_t quit() override { return context_.hub.abort_all(); }
  std::size_t open() const override { return context_.hub.open(); }
  void on_empty(std::function<void()> callback) override {
    context_.hub.on_empty(std::move(callback));
  }

 private:
  static Policy policy(const config::Connection& settings) {
    return {.unread_limit = settings.read_buffer,
            .write_high_mark = settings.write_high_mark,
            .write_timeout = config::Millis(0),  // the idle timeout covers it
            .linger_timeout = settings.linger_timeout};
  }

  AppContext context_;
};

}  // namespace

std::unique_ptr<Service> make_service(const Worker& worker) {
  return std::make_unique<AppService>(worker);
}

}  // namespace hupd::connection
