#include "connection/unread.hpp"

#include <algorithm>
#include <cstring>

namespace hupd::connection {

void Unread::assign(std::string_view bytes) {
  size_ = 0;
  if (bytes.empty()) return drop_front(0);
  const std::span<char> space = room(bytes.size());
  std::memcpy(space.data(), bytes.data(), bytes.size());
  size_ = bytes.size();
}

void Unread::drop_front(std::size_t count) {
  size_ -= count;
  if (size_ == 0) {
    data_.reset();
    capacity_ = 0;
  } else if (count != 0) {
    std::memmove(data_.get(), data_.get() + count, size_);
  }
}

std::span<char> Unread::room(std::size_t size) {
  if (capacity_ - size_ < size) {
    const std::size_t grown = std::max(size_ + size, capacity_ * 2);
    std::unique_ptr<char[]> larger(new char[grown]);
    if (size_ != 0) std::memcpy(larger.get(), data_.get(), size_);
    data_ = std::move(larger);
    capacity_ = grown;
  }
  return {data_.get() + size_, capacity_ - size_};
}

}  // namespace hupd::connection
