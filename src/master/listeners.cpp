#include "master/listeners.hpp"

#include <thread>

#include "config/address.hpp"
#include "log/logger.hpp"
#include "os/clock.hpp"

namespace hupd::master {

namespace {

constexpr std::chrono::milliseconds pause{20};

os::Result<os::Fd> open(const std::string& text, const config::TcpAddress& tcp,
                        std::uint32_t backlog) {
  return os::listen_tcp(text, tcp.host, tcp.port, tcp.v6_only, backlog);
}

os::UnixSocket as_socket(const config::UnixAddress& address) {
  return {address.path, address.mode, address.owner, address.group};
}

os::Result<os::Fd> open(const std::string& text, const config::UnixAddress& address,
                        std::uint32_t backlog) {
  return os::listen_unix(text, as_socket(address), backlog);
}

os::Result<os::Fd> open(const std::string& text, const config::InheritedAddress&, std::uint32_t) {
  return os::refused("listen on " + text +
                     ": the service manager passed no socket of that name (FileDescriptorName= in "
                     "the socket unit)");
}

// The kernel has one socket for the connections that both would get.
constexpr std::string_view restart_or_two_steps =
    "; no reload can replace one by the other at once: restart hupd, or take the old one away in "
    "one reload and add the new one in the next";

bool keeps_its_socket(const config::Listen& open, const config::Listen& wanted) {
  const auto* tcp = std::get_if<config::TcpAddress>(&open.address);
  return tcp == nullptr || wanted.address == open.address;
}

}  // namespace

Listener::Listener(Vault& vault, config::Listen listen, os::Fd fd)
    : vault_(vault), key_(vault.new_key()), listen_(std::move(listen)), fd_(std::move(fd)) {
  if (const auto* address = std::get_if<config::UnixAddress>(&listen_.address)) {
    socket_file_ = address->path;
    identity_ = os::file_at(socket_file_);
  }
  vault_.keep("listener", key_, fd_.get(), is_inherited() ? Lasts::WithProcess : Lasts::Beyond);
}

Listener::~Listener() {
  vault_.drop("listener", key_);
  log::write(log::Level::Info, {}, "no longer listening on " + address());
  if (is_inherited()) return;
  os::end_listening(fd());
  if (identity_) os::remove_socket_file(socket_file_, *identity_);
}

bool Listener::is_inherited() const {
  return std::holds_alternative<config::InheritedAddress>(listen_.address);
}

os::Result<void> Listeners::inherit() {
  auto sockets = os::inherited_sockets();
  if (!sockets) return tl::unexpected(sockets.error());
  for (auto& socket : *sockets) {
    auto& set = inherited_["systemd:" + socket.name];
    // Several sockets may share a name; each needs one of its own to be told apart.
    const std::string address = "systemd:" + socket.name + "=" + os::local_address(socket.fd.get());
    log::write(log::Level::Info, {}, "listening on " + address + " (inherited)");
    set.push_back(std::make_shared<Listener>(
        vault_, config::Listen{address, config::InheritedAddress{socket.name}},
        std::move(socket.fd)));
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
  if (auto existing = open_[listen.text].lock()) {
    if (keeps_its_socket(existing->listen(), listen)) return ListenerSet{std::move(existing)};
    return os::refused("listen on " + listen.text + ": it is open with another v6_only" +
                       std::string(restart_or_two_steps));
  }
  const auto try_to = [&] {
    return std::visit([&](const auto& a) { return open(listen.text, a, backlog); }, listen.address);
  };
  auto fd = try_to();
  while (!fd && fd.error().code == EADDRINUSE && os::monotonic_now() < patient_until_) {
    std::this_thread::sleep_for(pause);
    fd = try_to();
  }
  if (!fd) return tl::unexpected(explained(fd.error(), listen));
  log::write(log::Level::Info, {}, "listening on " + os::local_address(fd->get()));
  auto listener = std::make_shared<Listener>(vault_, listen, std::move(*fd));
  open_[listen.text] = listener;
  return ListenerSet{std::move(listener)};
}

// Who has the address may be this very master.
os::Error Listeners::explained(os::Error error, const config::Listen& wanted) const {
  if (error.code != EADDRINUSE) return error;
  for (const auto& [text, weak] : open_) {
    const auto listener = weak.lock();
    if (!listener || config::clash(listener->listen(), wanted).empty()) continue;
    return {error.code, "listen on " + wanted.text + ": this hupd has " + text +
                            " open, and the one is part of the other" +
                            std::string(restart_or_two_steps)};
  }
  return error;
}

}  // namespace hupd::master
