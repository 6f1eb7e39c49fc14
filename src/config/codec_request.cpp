// What goes into a request that hupd itself makes.
#include <algorithm>

#include "config/codec.hpp"

namespace hupd::config {
namespace {

constexpr std::size_t longest = 1024;

// Neither a blank nor a line's end, which would make another request of it.
bool is_visible(std::string_view text) {
  return text.size() <= longest &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

template <typename IsGood>
Codec<std::string> words(std::string type, std::string_view what, IsGood is_good) {
  return {std::move(type), "",
          [what, is_good](const Value& value, Context& context) -> std::optional<std::string> {
            const auto* text = std::get_if<std::string>(&value.data);
            if (text != nullptr && is_visible(*text) && is_good(*text)) return *text;
            context.wanted(value, what);
            return std::nullopt;
          },
          [](const std::string& text) { return Value{text}; }};
}

}  // namespace

Codec<std::string> request_path() {
  return words("request path", "the path of a request, such as \"/healthz\"",
               [](const std::string& text) { return text.empty() || text.front() == '/'; });
}

Codec<std::string> request_host() {
  return words("host", "the name of a host, such as \"example.org\"",
               [](const std::string& text) { return !text.empty(); });
}

}  // namespace hupd::config
