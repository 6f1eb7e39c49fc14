// Flags, choices, paths, variables: text as it is.
#include <algorithm>
#include <array>
#include <filesystem>

#include "config/codec.hpp"

namespace hupd::config {
namespace {

template <typename T>
struct Choice {
  std::string_view word;
  T value;
};

// One of a few words.
template <typename T, std::size_t n>
Codec<T> choice(const std::array<Choice<T>, n>& choices) {
  std::string words;
  for (std::size_t i = 0; i < n; ++i) {
    if (i > 0) words += i + 1 < n ? ", " : " or ";
    words += '"' + std::string(choices[i].word) + '"';
  }
  return {"word", words,
          [=](const Value& value, Context& context) -> std::optional<T> {
            const auto* text = std::get_if<std::string>(&value.data);
            for (const Choice<T>& choice : choices) {
              if (text != nullptr && *text == choice.word) return choice.value;
            }
            context.wanted(value, words);
            return std::nullopt;
          },
          [=](const T& value) {
            for (const Choice<T>& choice : choices) {
              if (choice.value == value) return Value{std::string(choice.word)};
            }
            return Value{std::string()};  // no such enumerator
          }};
}

Value text_value(const std::string& text) { return {text}; }

std::optional<std::string> read_path(const Value& value, Context& context) {
  const std::string* text = plain_text(value, context, "a path as a string");
  if (text == nullptr) return std::nullopt;
  if (text->empty()) return *text;
  return (std::filesystem::path(context.base_of(value.place)) / *text).lexically_normal().string();
}

}  // namespace

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

Codec<bool> flag() {
  return {"flag", "true or false",
          [](const Value& value, Context& context) -> std::optional<bool> {
            if (const auto* flag = std::get_if<bool>(&value.data)) return *flag;
            context.wanted(value, "true or false, without quotes");
            return std::nullopt;
          },
          [](const bool& value) { return Value{value}; }};
}

Codec<LogLevel> log_level() {
  return choice(std::array<Choice<LogLevel>, 4>{{{"debug", LogLevel::Debug},
                                                 {"info", LogLevel::Info},
                                                 {"warning", LogLevel::Warning},
                                                 {"error", LogLevel::Error}}});
}

Codec<LogFormat> log_format() {
  return choice(
      std::array<Choice<LogFormat>, 2>{{{"text", LogFormat::Text}, {"json", LogFormat::Json}}});
}

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
