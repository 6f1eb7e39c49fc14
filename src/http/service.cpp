#include "http/service.hpp"

#include "http/session.hpp"

namespace hupd::http1 {
namespace {

class HttpService final : public connection::Service {
 public:
  explicit HttpService(const connection::Worker& worker) : context_(worker) {}

  void accept(os::Fd fd, os::Peer peer, std::string_view unread) override {
    new Session(context_, std::move(fd), peer, unread);  // owns itself
  }
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
