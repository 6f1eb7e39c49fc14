// Accepting, one connection a call.
#pragma once

#include "os/fd.hpp"
#include "os/peer.hpp"

namespace hupd::os {

enum class AcceptStatus {
  Accepted,
  Nothing,         // another worker was quicker, or the client left: not an error
  OutOfResources,  // descriptors or memory: pause, the connection waits in the queue
  Broken,          // the listener can accept no more
};
struct AcceptResult {
  AcceptStatus status;
  Fd fd;  // non-blocking, close-on-exec
  Peer peer;
  int code = 0;  // errno
};
AcceptResult accept_one(int listener);

}  // namespace hupd::os
