// Paths, variables: text as it is.
#include <filesystem>

#include "config/codec.hpp"

namespace hupd::config {

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

namespace {

Value text_value(const std::string& text) { return {text}; }

std::optional<std::string> read_path(const Value& value, Context& context) {
  const std::string* text = plain_text(value, context, "a path as a string");
  if (text == nullptr) return std::nullopt;
  if (text->empty()) return *text;
  return (std::filesystem::path(context.base_of(value.place)) / *text).lexically_normal().string();
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
