#include "http/service.hpp"

#include "http/session.hpp"

namespace hupd::http1 {
namespace {

class HttpService final : public connection::Service {
 public:
  explicit HttpService(const connection::Worker& worker) : context_(worker) {}

  void accept(os::Fd fd, os::Peer peer, std::string_view listener) override {
    new Session(context_, {std::move(fd), peer, listener, {}});  // owns itself
  }
  void adopt(handover::Parcel parcel, os::Fd fd) override {
    auto* session =
        new Session(context_, {std::move(fd), parcel.peer, parcel.listener, parcel.unread});
    session->adopt(parcel);
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
  Context context_;
};

}  // namespace

std::unique_ptr<connection::Service> make_service(const connection::Worker& worker) {
  return std::make_unique<HttpService>(worker);
}

}  // namespace hupd::http1
