#include "config/context.hpp"

namespace hupd::config {

void Context::fault(const Place& place, std::string text) {
  faults.push_back({place.file, place.line, place.column, std::move(text)});
}

void Context::wanted(const Value& value, std::string_view what, std::string_view hint) {
  std::string text = path() + ": must be " + std::string(what) + ", not " + shown(value);
  if (!hint.empty()) text += " (" + std::string(hint) + ")";
  fault(value.place, std::move(text));
}

std::string Context::path() const {
  std::string text;
  for (const std::string& key : path_) text += (text.empty() ? "" : ".") + key;
  return text;
}

}  // namespace hupd::config
