// Paths, accounts, variables: text as it is.
#include <filesystem>

#include "config/codec.hpp"

namespace hupd::config {
namespace {

// A string without a NUL, which would end it early in a system call.
const std::string* plain_text(const Value& value, Context& context, std::string_view what) {
  const auto* text = std::get_if<std::string>(&value.data);
  if (text == nullptr) {
    context.wanted(value, what);
    return nullptr;
  }
  if (text->find('\0') == std::string::npos) return text;
  context.fault(value.place, context.path() + ": must not contain a NUL character");
  return nullptr;
}

Value text_value(const std::string& text) { return {text}; }

std::optional<std::string> read_path(const Value& value, Context& context) {
  const std::string* text = plain_text(value, context, "a path as a string");
  if (text == nullptr) return std::nullopt;
  if (text->empty()) return *text;
  return (std::filesystem::path(context.base_of(value.place)) / *text).lexically_normal().string();
}

std::optional<std::string> read_account(const Value& value, Context& context) {
  const auto* number = std::get_if<std::int64_t>(&value.data);
  if (number != nullptr && *number >= 0 && *number < UINT32_MAX) return std::to_string(*number);
  const std::string* text = plain_text(value, context, "a name or a number");
  if (text == nullptr) return std::nullopt;
  return *text;
}

}  // namespace

Codec<std::string> path() { return {"path", "", read_path, text_value}; }

Codec<std::string> required_path() {
  return {"path", "",
          [](const Value& value, Context& context) {
            auto path = read_path(value, context);
            if (path && path->empty()) {
              context.wanted(value, "the path of a file");
              path.reset();
            }
            return path;
          },
          text_value};
}

Codec<std::string> account() { return {"name or number", "", read_account, text_value}; }

Codec<std::vector<std::string>> accounts() {
  return {"list of names or numbers", "",
          [](const Value& value, Context& context) -> std::optional<std::vector<std::string>> {
            const auto* array = std::get_if<Array>(&value.data);
            if (array == nullptr) {
              context.wanted(value, "a list, such as [\"adm\", \"www-data\"]");
              return std::nullopt;
            }
            std::vector<std::string> names;
            for (const Value& element : *array) {
              if (auto name = read_account(element, context)) names.push_back(*name);
            }
            return names;
          },
          [](const std::vector<std::string>& names) {
            Array array;
            for (const std::string& name : names) array.push_back({name});
            return Value{array};
          }};
}

Codec<std::map<std::string, std::string>> environment() {
  using Variables = std::map<std::string, std::string>;
  return {"table of strings", "",
          [](const Value& value, Context& context) -> std::optional<Variables> {
            const auto* table = std::get_if<Table>(&value.data);
            if (table == nullptr) {
              context.wanted(value, "a table, such as { LANG = \"C.UTF-8\" }");
              return std::nullopt;
            }
            Variables variables;
            for (const Entry& entry : *table) {
              const Context::Inside inside(context, entry.key);
              if (entry.key.empty() ||
                  entry.key.find_first_of(std::string_view("=\0", 2)) != std::string::npos) {
                context.fault(entry.place,
                              context.path() + ": is no name of an environment variable");
              }
              const std::string* text = plain_text(entry.value, context, "a string");
              if (text != nullptr) variables.emplace(entry.key, *text);
            }
            return variables;
          },
          [](const Variables& variables) {
            Table table;
            for (const auto& [name, text] : variables) table.push_back({name, {}, {text}});
            return Value{table};
          }};
}

}  // namespace hupd::config
