// Users and groups, which have to be there.
#include <functional>

#include "config/codec.hpp"

namespace hupd::config {
namespace {

Value text_value(const std::string& text) { return {text}; }

std::optional<std::string> account_text(const Value& value, Context& context) {
  const auto* number = std::get_if<std::int64_t>(&value.data);
  if (number != nullptr && *number >= 0 && *number < UINT32_MAX) return std::to_string(*number);
  const std::string* text = plain_text(value, context, "a name or a number");
  if (text == nullptr) return std::nullopt;
  return *text;
}

std::optional<std::string> read_account(const Value& value, Context& context,
                                        const std::function<bool(const std::string&)>& known,
                                        const std::string& kind) {
  auto name = account_text(value, context);
  if (!name || name->empty() || !known || known(*name)) return name;
  context.fault(value.place, context.path() + ": there is no " + kind + " " + shown(value));
  return std::nullopt;
}

std::optional<std::string> read_user(const Value& value, Context& context) {
  return read_account(value, context, context.accounts.is_user, "user");
}

std::optional<std::string> read_group(const Value& value, Context& context) {
  return read_account(value, context, context.accounts.is_group, "group");
}

using ReadOne = std::optional<std::string> (*)(const Value&, Context&);

Codec<std::vector<std::string>> several(ReadOne read_one, std::string wanted) {
  return {"list of names or numbers", "",
          [read_one, wanted](const Value& value,
                             Context& context) -> std::optional<std::vector<std::string>> {
            const auto* array = std::get_if<Array>(&value.data);
            if (array == nullptr) {
              context.wanted(value, wanted);
              return std::nullopt;
            }
            std::vector<std::string> names;
            for (const Value& element : *array) {
              if (auto name = read_one(element, context)) names.push_back(*name);
            }
            return names;
          },
          [](const std::vector<std::string>& names) {
            Array array;
            for (const std::string& name : names) array.push_back({name});
            return Value{array};
          }};
}

}  // namespace

Codec<std::string> user() { return {"name or number", "", read_user, text_value}; }

Codec<std::string> group() { return {"name or number", "", read_group, text_value}; }

Codec<std::vector<std::string>> users() {
  return several(read_user, "a list, such as [\"deploy\"]");
}

Codec<std::vector<std::string>> groups() {
  return several(read_group, "a list, such as [\"adm\", \"www-data\"]");
}

}  // namespace hupd::config
