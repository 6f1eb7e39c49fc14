// Listening sockets on their way to a child.
#pragma once

#include "master/child.hpp"
#include "master/listeners.hpp"

namespace hupd::master {

// All of them, in as many wire::Listeners as it takes. An error: not all were sent.
os::Result<void> send_listeners(Child& child, const ListenerSet& listeners);

}  // namespace hupd::master
