#include "log/backlog.hpp"

#include <utility>

namespace hupd::log {

bool Backlog::add(std::string line) {
  if (dropped_ > 0 || bytes_ + line.size() > most_) {
    ++dropped_;
    return false;
  }
  const std::size_t size = line.size();
  lines_.push_back(std::move(line));
  bytes_ += size;
  return true;
}

void Backlog::wrote(std::size_t bytes) {
  written_ += bytes;
  if (written_ < lines_.front().size()) return;
  bytes_ -= lines_.front().size();
  written_ = 0;
  lines_.pop_front();
}

std::size_t Backlog::clear() {
  const std::size_t count = lines_.size();
  lines_.clear();
  bytes_ = 0;
  written_ = 0;
  return count;
}

std::size_t Backlog::take_dropped() { return is_congested() ? 0 : std::exchange(dropped_, 0); }

}  // namespace hupd::log
