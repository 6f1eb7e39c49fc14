#include "http/service.hpp"

#include "connection/hub_service.hpp"
#include "http/session.hpp"

namespace hupd::http1 {
namespace {

class HttpService final : public connection::HubService<Context> {
 public:
  using HubService::HubService;

  void accept(os::Fd fd, os::Peer peer, std::string_view unread) override {
    new Session(context_, std::move(fd), peer, unread);  // owns itself
  }
};

}  // namespace

std::unique_ptr<connection::Service> make_service(const connection::Worker& worker) {
  return std::make_unique<HttpService>(worker);
}

}  // namespace hupd::http1
