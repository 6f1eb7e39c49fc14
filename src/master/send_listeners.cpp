#include "master/send_listeners.hpp"

#include "wire/codec.hpp"

namespace hupd::master {

os::Result<void> send_listeners(Child& child, const ListenerSet& listeners) {
  for (const auto& piece : wire::in_pieces(listeners)) {
    wire::Listeners some;
    std::vector<int> fds;
    for (const auto& listener : piece) {
      some.addresses.push_back(listener->address());
      fds.push_back(listener->fd());
    }
    if (auto sent = child.try_send(some, fds); !sent) return sent;
  }
  return {};
}

}  // namespace hupd::master
