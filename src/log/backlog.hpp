// Lines that wait for the log's reader, oldest first, within a limit.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace hupd::log {

class Backlog {
 public:
  explicit Backlog(std::size_t most_bytes) : most_(most_bytes) {}

  // False: there is no room, and it was dropped and counted. So is what comes after it, until
  // take_dropped() has told of it: what is missing is one piece, in the place where that is told.
  bool add(std::string line);

  bool empty() const { return lines_.empty(); }
  // More than half of the limit is taken.
  bool is_congested() const { return bytes_ > most_ / 2; }
  // What has not been written of the oldest line. REQUIRES: not empty.
  std::string_view head() const { return std::string_view(lines_.front()).substr(written_); }
  bool is_head_torn() const { return written_ > 0; }
  void wrote(std::size_t bytes);  // of head()

  // The oldest line from its beginning: what takes it now has nothing of it.
  void start_head_again() { written_ = 0; }
  // Gives all up; how many they were.
  std::size_t clear();

  // How many lines were dropped, once there is room again to go on (0 until then).
  std::size_t take_dropped();

 private:
  std::size_t most_;
  std::deque<std::string> lines_;
  std::size_t bytes_ = 0;    // of all lines, the head as a whole
  std::size_t written_ = 0;  // of the head
  std::size_t dropped_ = 0;
};

}  // namespace hupd::log
