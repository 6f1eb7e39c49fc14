// Where connections come from: a listening socket, or the hand-over queue of living ones.
#pragma once

#include <functional>

namespace hupd::worker {

struct Taken {
  enum class Status {
    Some,            // `count` connections; `fd` was the descriptor of the last
    Nothing,         // another worker was quicker: not an error
    NotOurs,         // what waits is for others
    OutOfResources,  // descriptors or memory: what waits, waits on
    Broken,          // nothing more can come, by a fault
    Ended            // nothing more will come
  };
  Status status = Status::Nothing;
  int fd = -1;
  int code = 0;  // errno
  int count = 1;
};

// Readable when something waits; `take` takes one, or what travels with it, without waiting.
struct Source {
  int fd = -1;
  std::function<Taken()> take;
  // How many are taken in one go, as long as this worker has no more than its share.
  int at_once = 1;
};

}  // namespace hupd::worker
