#include "master/common.hpp"

namespace hupd::master {

os::Result<Common> Common::create() {
  auto board = Board::create();
  if (!board) return tl::unexpected(board.error());
  auto queue = os::channel_pair();
  if (!queue) return tl::unexpected(queue.error());
  return Common{std::move(*board), std::move(queue->first), std::move(queue->second)};
}

os::Result<Common> Common::take_up(const image::App& image, Descriptors& from) {
  std::vector<std::uint32_t> pages;
  for (const auto& generation : image.generations) {
    for (const auto& worker : generation.workers) pages.push_back(worker.page);
  }
  auto board = Board::take_up(from.take("board", image.key), pages);
  if (!board) return tl::unexpected(board.error());
  auto in = from.take("queue-in", image.key);
  auto out = from.take("queue-out", image.key);
  if (!in || !out) return os::refused("the hand-over queue of " + image.name + " is lost");
  return Common{std::move(*board), std::move(in), std::move(out)};
}

void Common::keep(Vault& vault, image::Key key) const {
  vault.keep("board", key, board.read_write_fd(), Lasts::Beyond);
  vault.keep("queue-in", key, handed_over.get(), Lasts::Beyond);
  vault.keep("queue-out", key, to_hand_over.get(), Lasts::Beyond);
}

void Common::drop(Vault& vault, image::Key key) {
  for (const auto* kind : {"board", "queue-in", "queue-out"}) vault.drop(kind, key);
}

}  // namespace hupd::master
