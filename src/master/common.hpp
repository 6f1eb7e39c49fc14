// What the workers of an app have in common, through all its generations.
#pragma once

#include "master/board.hpp"
#include "os/channel.hpp"

namespace hupd::master {

struct Common {
  static os::Result<Common> create() {
    auto board = Board::create();
    if (!board) return tl::unexpected(board.error());
    auto queue = os::channel_pair();
    if (!queue) return tl::unexpected(queue.error());
    return Common{std::move(*board), std::move(queue->first), std::move(queue->second)};
  }

  Board board;
  // The hand-over queue (handover/queue.hpp). Both ends are kept open, so that living connections
  // may wait in it while nobody reads.
  os::Fd handed_over;
  os::Fd to_hand_over;
};

}  // namespace hupd::master
