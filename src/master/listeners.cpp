#include "master/listeners.hpp"

#include "log/logger.hpp"

namespace hupd::master {

namespace {

struct Opened {
  os::Fd fd;
  std::string socket_file;
};

os::Result<Opened> open(const std::string& text, const config::TcpAddress& tcp,
                        std::uint32_t backlog) {
  auto fd = os::listen_tcp(text, tcp.host, tcp.port, tcp.v6_only, backlog);
  if (!fd) return tl::unexpected(fd.error());
  return Opened{std::move(*fd), ""};
}

os::UnixSocket as_socket(const config::UnixAddress& address) {
  return {address.path, address.mode, address.owner, address.group};
}

os::Result<Opened> open(const std::string& text, const config::UnixAddress& address,
                        std::uint32_t backlog) {
  auto fd = os::listen_unix(text, as_socket(address), backlog);
  if (!fd) return tl::unexpected(fd.error());
  return Opened{std::move(*fd), address.path};
}

os::Result<Opened> open(const std::string& text, const config::InheritedAddress&, std::uint32_t) {
  return os::refused("listen on " + text +
                     ": the service manager passed no socket of that name (FileDescriptorName= in "
                     "the socket unit)");
}

}  // namespace

Listener::~Listener() {
  log::write(log::Level::Info, {}, "no longer listening on " + address_);
  if (identity_) os::remove_socket_file(socket_file_, *identity_);
}

os::Result<void> Listeners::inherit() {
  auto sockets = os::inherited_sockets();
  if (!sockets) return tl::unexpected(sockets.error());
  for (auto& socket : *sockets) {
    auto& set = inherited_["systemd:" + socket.name];
    // Several sockets may share a name; each needs one of its own to be told apart.
    const std::string address = "systemd:" + socket.name + "=" + os::local_address(socket.fd.get());
    log::write(log::Level::Info, {}, "listening on " + address + " (inherited)");
    set.push_back(std::make_shared<Listener>(address, std::move(socket.fd), ""));
  }
  return {};
}

os::Result<ListenerSet> Listeners::obtain(const config::App& app) {
  ListenerSet set;
  for (const auto& listen : app.listen) {
    auto some = obtain_one(listen, app.backlog);
    if (!some) return some;
    set.insert(set.end(), some->begin(), some->end());
  }
  return set;
}

void Listeners::adjust(const config::App& app, const ListenerSet& set) {
  for (const auto& listener : set) os::set_backlog(listener->fd(), app.backlog);
  for (const auto& listen : app.listen) {
    const auto* address = std::get_if<config::UnixAddress>(&listen.address);
    if (address == nullptr) continue;
    const auto set_access = os::set_socket_access(as_socket(*address));
    if (!set_access) log::write(log::Level::Error, {.app = app.name}, set_access.error().text);
  }
}

os::Result<ListenerSet> Listeners::obtain_one(const config::Listen& listen, std::uint32_t backlog) {
  if (const auto passed = inherited_.find(listen.text); passed != inherited_.end()) {
    return passed->second;
  }
  if (auto existing = open_[listen.text].lock()) return ListenerSet{std::move(existing)};
  auto opened =
      std::visit([&](const auto& a) { return open(listen.text, a, backlog); }, listen.address);
  if (!opened) return tl::unexpected(opened.error());
  log::write(log::Level::Info, {}, "listening on " + os::local_address(opened->fd.get()));
  auto listener = std::make_shared<Listener>(listen.text, std::move(opened->fd),
                                             std::move(opened->socket_file));
  open_[listen.text] = listener;
  return ListenerSet{std::move(listener)};
}

}  // namespace hupd::master
