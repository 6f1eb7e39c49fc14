// Bytes as they come, cut into lines.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hupd::control {

class Lines {
 public:
  explicit Lines(std::size_t longest) : longest_(longest) {}

  void add(std::string_view bytes) { bytes_ += bytes; }
  // The next whole line, without its end.
  std::optional<std::string> next();
  bool has_next() const { return bytes_.find('\n', looked_at_) != std::string::npos; }
  // What nobody has taken yet.
  std::string_view rest() const { return std::string_view(bytes_).substr(begin_); }
  // What has come of a line, or the next whole one, is longer than may be: nothing more is to be
  // had.
  bool is_too_long() const;

 private:
  std::size_t longest_;
  std::size_t begin_ = 0;      // of the next line; what is before it is dropped now and then
  std::size_t looked_at_ = 0;  // no line ends before it
  std::string bytes_;
};

}  // namespace hupd::control
