// Addresses: a string, or a table with what belongs to the kind of address.
#include "config/address.hpp"
#include "config/codec.hpp"
#include "config/key.hpp"

namespace hupd::config {
namespace {

constexpr std::string_view wanted_list = "a list of addresses, such as [\"127.0.0.1:8080\"]";

// { address = …, … } as written.
struct Form {
  std::string address;
  std::uint32_t mode = UnixAddress().mode;
  std::string owner, group;
  bool v6_only = TcpAddress().v6_only;
};

Codec<std::string> address_text() {
  return {"address", "",
          [](const Value& value, Context& context) -> std::optional<std::string> {
            const auto* text = std::get_if<std::string>(&value.data);
            if (text != nullptr && !text->empty()) return *text;
            context.wanted(value, "an address as a string");
            return std::nullopt;
          },
          [](const std::string& text) { return Value{text}; }};
}

const std::vector<Key<Form>>& form_keys() {
  static const std::vector<Key<Form>> keys = {
      required("address", &Form::address, address_text(), "\"unix:/run/web.sock\"", ""),
      key("mode", &Form::mode, file_mode(), "\"0666\"", ""),
      key("owner", &Form::owner, user(), "\"\"", ""),
      key("group", &Form::group, group(), "\"\"", ""),
      key("v6_only", &Form::v6_only, flag(), "true", ""),
  };
  return keys;
}

// Notes each key of `names` that `value` has: it means nothing for this kind of address.
void refuse(const Value& value, std::initializer_list<std::string_view> names,
            std::string_view kind, Context& context) {
  for (std::string_view name : names) {
    const Value* found = find(value, name);
    if (found != nullptr) {
      context.fault(found->place, context.path() + ": '" + std::string(name) + "' is for " +
                                      std::string(kind) + " only");
    }
  }
}

std::optional<Listen> read_one(const Value& value, Context& context) {
  Form form;
  if (const auto* text = std::get_if<std::string>(&value.data)) {
    form.address = *text;
  } else if (std::holds_alternative<Table>(value.data)) {
    read_table(value, form, form_keys(), context);
    if (form.address.empty()) return std::nullopt;  // a fault was noted
  } else {
    context.wanted(value,
                   "an address as a string, or a table such as { address = \"unix:/run/web.sock\", "
                   "mode = \"0660\" }");
    return std::nullopt;
  }
  auto listen = parse_listen(form.address, context.base_of(value.place));
  if (!listen) {
    const Value* address = find(value, "address");
    context.fault(address != nullptr ? address->place : value.place,
                  context.path() + ": " + listen.error());
    return std::nullopt;
  }
  if (auto* unix_address = std::get_if<UnixAddress>(&listen->address)) {
    unix_address->mode = form.mode;
    unix_address->owner = form.owner;
    unix_address->group = form.group;
  } else {
    refuse(value, {"mode", "owner", "group"}, "unix sockets", context);
  }
  auto* tcp = std::get_if<TcpAddress>(&listen->address);
  if (tcp != nullptr && tcp->host.find(':') != std::string::npos) {
    tcp->v6_only = form.v6_only;
  } else {
    refuse(value, {"v6_only"}, "IPv6 addresses", context);
  }
  return *listen;
}

// Unless another app, or this one, has the address already.
void read_into(std::vector<Listen>& all, const Value& element, Context& context) {
  auto one = read_one(element, context);
  if (!one) return;
  const std::string path = context.path();  // app.NAME.listen
  for (const Bound& other : context.bound) {
    const std::string why = clash(other.listen, *one);
    if (why.empty()) continue;
    const std::string whose = other.owner == path ? "" : " in " + other.owner;
    return context.fault(element.place, path + ": " + why + whose);
  }
  context.bound.push_back({*one, path});
  all.push_back(std::move(*one));
}

std::optional<std::vector<Listen>> read_all(const Value& value, Context& context) {
  const auto* array = std::get_if<Array>(&value.data);
  if (array == nullptr || array->empty()) {
    context.wanted(value, array == nullptr ? wanted_list
                                           : "at least one address, such as [\"127.0.0.1:8080\"]");
    return std::nullopt;
  }
  std::vector<Listen> all;
  for (const Value& element : *array) read_into(all, element, context);
  return all;
}

std::optional<std::vector<Listen>> read_maybe(const Value& value, Context& context) {
  std::vector<Listen> all;
  const auto* text = std::get_if<std::string>(&value.data);
  if (text != nullptr && text->empty()) return all;
  if (const auto* array = std::get_if<Array>(&value.data)) {
    for (const Value& element : *array) read_into(all, element, context);
  } else {
    read_into(all, value, context);
  }
  return all;
}

Value write_one(const Listen& listen) {
  Table table = {{"address", {}, {listen.text}}};
  if (const auto* address = std::get_if<UnixAddress>(&listen.address)) {
    table.push_back({"mode", {}, file_mode().write(address->mode)});
    table.push_back({"owner", {}, {address->owner}});
    table.push_back({"group", {}, {address->group}});
  }
  const auto* tcp = std::get_if<TcpAddress>(&listen.address);
  if (tcp != nullptr && tcp->host.find(':') != std::string::npos) {
    table.push_back({"v6_only", {}, {tcp->v6_only}});
  }
  return table.size() == 1 ? Value{listen.text} : Value{table};
}

Value write_all(const std::vector<Listen>& all) {
  Array array;
  for (const Listen& one : all) array.push_back(write_one(one));
  return Value{array};
}

}  // namespace

Codec<std::vector<Listen>> listen() { return {"list of addresses", "", read_all, write_all}; }

Codec<std::vector<Listen>> listen_maybe() {
  return {"address or list of addresses", "", read_maybe, write_all};
}

}  // namespace hupd::config
