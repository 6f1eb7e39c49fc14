#include "config/flag_text.hpp"

#include "config/toml.hpp"

namespace hupd::config {
namespace {

void place_at(Value& value, const Place& place) {
  value.place = place;
  if (auto* array = std::get_if<Array>(&value.data)) {
    for (Value& element : *array) place_at(element, place);
  }
  if (auto* table = std::get_if<Table>(&value.data)) {
    for (Entry& one : *table) {
      one.place = place;
      place_at(one.value, place);
    }
  }
}

}  // namespace

Path keys_of(const std::string& text) {
  const auto document = parse_toml(text + " = 0", "key");
  Path path;
  const Value* at = document ? &*document : nullptr;
  while (at != nullptr && std::holds_alternative<Table>(at->data)) {
    const Table& table = std::get<Table>(at->data);
    if (table.size() != 1) return {};
    path.push_back(table[0].key);
    at = &table[0].value;
  }
  return path;
}

Value text_of(const std::string& text, const char* flag) { return {text, {flag, 0, 0}}; }

Value value_of(const std::string& text, const char* flag) {
  Value value = text_of(text, flag);
  const auto document = parse_toml("v = " + text, flag);
  if (!document) return value;
  const Table& table = std::get<Table>(document->data);
  if (table.size() == 1 && table[0].key == "v") value = table[0].value;
  place_at(value, {flag, 0, 0});
  return value;
}

}  // namespace hupd::config
