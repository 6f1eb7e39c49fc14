// The master's side of an app's scoreboard.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "os/fd.hpp"
#include "wire/scoreboard.hpp"

namespace hupd::master {

class Board {
 public:
  static os::Result<Board> create();
  // That of another master, with these pages in use.
  static os::Result<Board> take_up(os::Fd read_write, const std::vector<std::uint32_t>& used);

  std::optional<std::uint32_t> take_page();  // cleared; nothing: all are in use
  void give_back(std::uint32_t page);
  void set_taking(std::uint64_t generation) const { scoreboard_.header().taking = generation; }
  const wire::Page& page(std::uint32_t index) const { return scoreboard_.page(index); }

  int read_only_fd() const { return read_only_.get(); }
  int read_write_fd() const { return read_write_.get(); }

 private:
  Board(os::Fd read_write, os::Fd read_only, wire::Scoreboard scoreboard);
  void publish_end();

  os::Fd read_write_;
  os::Fd read_only_;
  wire::Scoreboard scoreboard_;
  std::vector<bool> used_;  // by page
};

}  // namespace hupd::master
