// One of a few: flags and enumerations.
#include <array>

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

}  // namespace

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

}  // namespace hupd::config
