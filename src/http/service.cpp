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
  bool speaks(handover::Protocol protocol) const override {
    return protocol == handover::Protocol::Http1 ||
           (protocol == handover::Protocol::Upgraded && context_.ops.upgraded != nullptr);
  }
  void adopt(handover::Parcel parcel, os::Fd fd) override {
    if (parcel.protocol == handover::Protocol::Upgraded) {
      upgraded(parcel, std::move(fd))->adopt(parcel);
      return;
    }
    auto* session =
        new Session(context_, {std::move(fd), parcel.peer, parcel.listener, parcel.unread});
    session->adopt(parcel);
  }
  // Between requests there is nothing that could harm the application.
  void turn_away(handover::Parcel parcel, os::Fd fd) override {
    if (parcel.protocol == handover::Protocol::Upgraded) {
      upgraded(parcel, std::move(fd))->turn_away();
      return;
    }
    adopt(std::move(parcel), std::move(fd));
  }

 private:
  hupd_connection* upgraded(const handover::Parcel& parcel, os::Fd fd) {
    return new hupd_connection(context_.upgraded,
                               {std::move(fd), parcel.peer, parcel.listener, parcel.unread});
  }
};

}  // namespace

std::unique_ptr<connection::Service> make_service(const connection::Worker& worker) {
  return std::make_unique<HttpService>(worker);
}

}  // namespace hupd::http1
