// Bytes that the kernel would not take yet, in blocks that stay where they are while libuv sends
// them.
#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>

namespace hupd::connection {

class WriteQueue {
 public:
  bool empty() const { return blocks_.empty(); }
  std::size_t size() const { return size_; }

  void push(std::string_view bytes);
  std::string& front() { return blocks_.front(); }  // not moved or changed until popped
  void pop_front();

 private:
  static constexpr std::size_t block_size = std::size_t{64} * 1024;
  std::list<std::string> blocks_;  // allocates nothing while empty, unlike a deque
  std::size_t size_ = 0;
};

}  // namespace hupd::connection
