#include "http/service.hpp"

#include "connection/hub_service.hpp"
#include "http/session.hpp"

namespace hupd::http1 {
namespace {

class HttpService final : public connection::HubService<Context> {
 public:
  using HubService::HubService;

  void accept(os::Fd fd, os::Peer peer, std::string_view listener) override {
    new Session(context_, {std::move(fd), peer, listener, {}});  // owns itself
  }
  void adopt(handover::Parcel parcel, os::Fd fd) override {
    auto* session =
        new Session(context_, {std::move(fd), parcel.peer, parcel.listener, parcel.unread});
    session->adopt(parcel);
  }
  // Between requests there is nothing that could harm the application.
  void turn_away(handover::Parcel parcel, os::Fd fd) override {
    adopt(std::move(parcel), std::move(fd));
  }
};

}  // namespace

std::unique_ptr<connection::Service> make_service(const connection::Worker& worker) {
  return std::make_unique<HttpService>(worker);
}

}  // namespace hupd::http1
