#include "master/board.hpp"

#include <algorithm>
#include <new>

namespace hupd::master {

os::Result<Board> Board::create() {
  auto read_write = wire::Scoreboard::create();
  if (!read_write) return tl::unexpected(read_write.error());
  return take_up(std::move(*read_write), {});
}

os::Result<Board> Board::take_up(os::Fd read_write, const std::vector<std::uint32_t>& used) {
  auto read_only = os::reopen_read_only(read_write.get());
  if (!read_only) return tl::unexpected(read_only.error());
  auto scoreboard = wire::Scoreboard::map(read_write.get(), os::Access::ReadWrite);
  if (!scoreboard) return tl::unexpected(scoreboard.error());
  Board board(std::move(read_write), std::move(*read_only), std::move(*scoreboard));
  for (const auto page : used) {
    if (page < board.used_.size()) board.used_[page] = true;
  }
  board.publish_end();
  return board;
}

Board::Board(os::Fd read_write, os::Fd read_only, wire::Scoreboard scoreboard)
    : read_write_(std::move(read_write)),
      read_only_(std::move(read_only)),
      scoreboard_(std::move(scoreboard)),
      used_(wire::max_pages, false) {
  used_[0] = true;  // the header
  publish_end();
}

std::optional<std::uint32_t> Board::take_page() {
  const auto free = std::find(used_.begin(), used_.end(), false);
  if (free == used_.end()) return std::nullopt;
  *free = true;
  const auto index = static_cast<std::uint32_t>(free - used_.begin());
  new (&scoreboard_.page(index)) wire::Page();  // as its last owner left it, it is not zero
  publish_end();
  return index;
}

void Board::give_back(std::uint32_t page) {
  used_[page] = false;
  scoreboard_.page(page).phase.store(wire::Phase::Empty, std::memory_order_relaxed);
  publish_end();
}

void Board::publish_end() {
  const auto last = std::find(used_.rbegin(), used_.rend(), true);
  scoreboard_.header().end.store(static_cast<std::uint32_t>(used_.rend() - last),
                                 std::memory_order_relaxed);
}

}  // namespace hupd::master
