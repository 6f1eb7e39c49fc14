// Bytes that were read and not yet used. Holds no memory while there are none.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace hupd::connection {

class Unread {
 public:
  std::string_view view() const { return {data_.get(), size_}; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  void assign(std::string_view bytes);  // which must not be part of view()
  void drop_front(std::size_t count);

  // Room behind the bytes, at least `size` of it, to be read into; `added` says how much was.
  std::span<char> room(std::size_t size);
  void added(std::size_t count) { size_ += count; }

 private:
  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace hupd::connection
