#include "config/toml.hpp"

#include <algorithm>
#include <sstream>
#include <tuple>

#include <toml++/toml.h>

#include "config/deep_key.hpp"

namespace hupd::config {
namespace {

Place place_of(const toml::source_region& region, const std::string& name) {
  return {name, region.begin.line, region.begin.column};
}

Value from(const toml::node& node, const std::string& name);

Table entries_of(const toml::table& table, const std::string& name) {
  Table entries;
  for (auto&& [key, node] : table) {
    entries.push_back({std::string(key.str()), place_of(key.source(), name), from(node, name)});
  }
  // toml++ keeps keys in the order of the alphabet.
  std::ranges::sort(entries, {}, [](const Entry& entry) {
    return std::tuple(entry.place.line, entry.place.column);
  });
  return entries;
}

Array elements_of(const toml::array& array, const std::string& name) {
  Array elements;
  for (const toml::node& node : array) elements.push_back(from(node, name));
  return elements;
}

template <typename T>
std::string date_text(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

Value from(const toml::node& node, const std::string& name) {
  Value value{false, place_of(node.source(), name)};
  if (const auto* table = node.as_table()) value.data = entries_of(*table, name);
  if (const auto* array = node.as_array()) value.data = elements_of(*array, name);
  if (const auto* text = node.as_string()) value.data = text->get();
  if (const auto* whole = node.as_integer()) value.data = whole->get();
  if (const auto* number = node.as_floating_point()) value.data = number->get();
  if (const auto* flag = node.as_boolean()) value.data = flag->get();
  if (const auto* date = node.as_date()) value.data = Date{date_text(date->get())};
  if (const auto* time = node.as_time()) value.data = Date{date_text(time->get())};
  if (const auto* both = node.as_date_time()) value.data = Date{date_text(both->get())};
  return value;
}

toml::table table_from(const Table& entries);
toml::array array_from(const Array& elements);

// Calls `put` with `value` as what toml++ takes for it. Dates become strings: to an application
// that reads JSON they are nothing else.
template <typename Put>
void convert(const Value& value, const Put& put) {
  if (const auto* flag = std::get_if<bool>(&value.data)) put(*flag);
  if (const auto* whole = std::get_if<std::int64_t>(&value.data)) put(*whole);
  if (const auto* number = std::get_if<double>(&value.data)) put(*number);
  if (const auto* text = std::get_if<std::string>(&value.data)) put(*text);
  if (const auto* date = std::get_if<Date>(&value.data)) put(date->text);
  if (const auto* array = std::get_if<Array>(&value.data)) put(array_from(*array));
  if (const auto* table = std::get_if<Table>(&value.data)) put(table_from(*table));
}

toml::table table_from(const Table& entries) {
  toml::table table;
  for (const Entry& entry : entries) {
    convert(entry.value, [&](auto&& node) {
      table.insert_or_assign(entry.key, std::forward<decltype(node)>(node));
    });
  }
  return table;
}

toml::array array_from(const Array& elements) {
  toml::array array;
  for (const Value& element : elements) {
    convert(element, [&](auto&& node) { array.push_back(std::forward<decltype(node)>(node)); });
  }
  return array;
}

}  // namespace

tl::expected<Value, Fault> parse_toml(std::string_view text, const std::string& name) {
  if (const auto place = too_deep(text, name)) {
    return tl::unexpected(
        Fault{name, place->line, place->column, "a key with more than 128 parts"});
  }
  try {
    const toml::table document = toml::parse(text, std::string_view(name));
    return Value{entries_of(document, name), {name, 1, 1}};
  } catch (const toml::parse_error& error) {
    const Place place = place_of(error.source(), name);
    return tl::unexpected(Fault{name, place.line, place.column, std::string(error.description())});
  }
}

std::string to_toml(const Value& value) {
  const toml::table table = table_from(std::get<Table>(value.data));
  std::ostringstream out;
  out << toml::toml_formatter(table) << '\n';
  return out.str();
}

std::string to_json(const Value& value) {
  const toml::table table = table_from(std::get<Table>(value.data));
  std::ostringstream out;
  out << toml::json_formatter(table);
  return out.str();
}

}  // namespace hupd::config
