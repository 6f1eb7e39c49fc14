#include "config/fault.hpp"

namespace hupd::config {

std::string Fault::describe() const {
  std::string line_text = file;
  if (line > 0) line_text += ':' + std::to_string(line) + ':' + std::to_string(column);
  line_text += ": " + text;
  for (char& c : line_text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';  // from a quoted value
  }
  return line_text;
}

}  // namespace hupd::config
