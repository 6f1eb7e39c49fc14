#include "connection/write_queue.hpp"

#include <algorithm>

namespace hupd::connection {

void WriteQueue::push(std::string_view bytes) {
  size_ += bytes.size();
  while (!bytes.empty()) {
    // The first block may be on its way to the kernel: what follows begins a second one.
    if (blocks_.size() < 2 || blocks_.back().size() >= block_size) blocks_.emplace_back();
    std::string& last = blocks_.back();
    const std::size_t part = std::min(bytes.size(), block_size - last.size());
    last.append(bytes.substr(0, part));
    bytes.remove_prefix(part);
  }
}

void WriteQueue::pop_front() {
  size_ -= blocks_.front().size();
  blocks_.pop_front();
}

}  // namespace hupd::connection
