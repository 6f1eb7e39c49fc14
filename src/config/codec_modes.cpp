// Permission bits, in octal.
#include "config/codec.hpp"
#include "config/units.hpp"

namespace hupd::config {

Codec<std::uint32_t> file_mode() {
  return {"octal", "\"0000\" to \"0777\"",
          [](const Value& value, Context& context) -> std::optional<std::uint32_t> {
            const auto* text = std::get_if<std::string>(&value.data);
            if (text != nullptr && parse_octal(*text)) return *parse_octal(*text);
            context.wanted(value, "octal digits as a string, such as \"0660\"");
            return std::nullopt;
          },
          [](const std::uint32_t& value) { return Value{format_octal(value)}; }};
}

Codec<Mask> file_mask() {
  return {"octal", "\"0000\" to \"0777\", or empty",
          [](const Value& value, Context& context) -> std::optional<Mask> {
            const auto* text = std::get_if<std::string>(&value.data);
            if (text != nullptr && text->empty()) return std::make_optional<Mask>();
            const auto bits = parse_octal(text != nullptr ? *text : "none");
            if (bits) return std::make_optional<Mask>(*bits);
            context.wanted(value, "octal digits as a string, such as \"0027\"");
            return {};
          },
          [](const Mask& mask) { return Value{mask ? format_octal(*mask) : std::string()}; }};
}

}  // namespace hupd::config
