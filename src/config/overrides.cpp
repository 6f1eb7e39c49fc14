#include "config/overrides.hpp"

#include "config/app_name.hpp"
#include "config/flag_text.hpp"

namespace hupd::config {
namespace {

// The flags that speak of an app, with the key that each stands for.
struct AppFlag {
  const char* flag;
  const char* key;
  const std::optional<std::string>& text;
};

// The entry of `key`, made when missing. Nothing when `value` is no table.
Value* entry(Value& value, const std::string& key, const Place& place) {
  auto* table = std::get_if<Table>(&value.data);
  if (table == nullptr) return nullptr;
  for (Entry& known : *table) {
    if (known.key == key) return &known.value;
  }
  table->push_back({key, place, {Table(), place}});
  return &table->back().value;
}

void put(Value& document, const Path& path, Value value, std::vector<Fault>& faults) {
  const Place place = value.place;
  Value* at = &document;
  for (const std::string& key : path) {
    at = entry(*at, key, place);
    if (at != nullptr) continue;
    faults.push_back({place.file, 0, 0, "no table to put '" + key + "' into"});
    return;
  }
  *at = std::move(value);
}

void apply_set(const std::string& text, Value& document, std::vector<Fault>& faults) {
  const std::size_t equals = text.find('=');
  const Path path = keys_of(text.substr(0, equals));
  if (equals == std::string::npos || path.empty()) {
    faults.push_back({"--set", 0, 0, "'" + text + "' is not KEY=VALUE, such as app.web.workers=2"});
    return;
  }
  put(document, path, value_of(text.substr(equals + 1), "--set"), faults);
}

// Which app the flags speak of: the only one, or a new one named after the library. Empty: a fault
// was noted, or will be, for want of an app.
std::string app_of(const Overrides& overrides, Value& document, const char* flag,
                   std::vector<Fault>& faults) {
  const Value* apps = find(document, "app");
  const auto* table = apps != nullptr ? std::get_if<Table>(&apps->data) : nullptr;
  const std::size_t count = table != nullptr ? table->size() : 0;
  if (count == 1) return (*table)[0].key;
  if (count > 1) {
    faults.push_back(
        {flag, 0, 0, "there are several apps: say which with --set app.NAME.KEY=VALUE"});
    return {};
  }
  if (!overrides.library) return {};
  std::string name = app_name_of(*overrides.library);
  put(document, {"app", name}, {Table(), {"command line", 0, 0}}, faults);
  return name;
}

Value list_of(const std::vector<std::string>& texts, const char* flag) {
  Value list = {Array(), {flag, 0, 0}};
  for (const auto& text : texts) std::get<Array>(list.data).push_back(text_of(text, flag));
  return list;
}

template <typename Deed>
void for_each_app(const Value& document, const Deed& deed) {
  const Value* apps = find(document, "app");
  const auto* table = apps != nullptr ? std::get_if<Table>(&apps->data) : nullptr;
  std::vector<std::string> names;
  for (const Entry& app : table != nullptr ? *table : Table()) names.push_back(app.key);
  for (const auto& name : names) deed(name);
}

}  // namespace

void apply_overrides(const Overrides& overrides, Value& document, std::vector<Fault>& faults) {
  const AppFlag app_flags[] = {{"LIB.so", "library", overrides.library},
                               {"--workers", "workers", overrides.workers},
                               {"--user", "user", overrides.user},
                               {"--group", "group", overrides.group}};
  for (const AppFlag& flag : app_flags) {
    if (!flag.text) continue;
    const std::string app = app_of(overrides, document, flag.flag, faults);
    if (app.empty()) continue;
    const bool may_be_number = flag.key == std::string_view("workers");
    Value value = may_be_number ? value_of(*flag.text, flag.flag) : text_of(*flag.text, flag.flag);
    put(document, {"app", app, flag.key}, std::move(value), faults);
  }
  if (!overrides.listen.empty()) {
    const std::string app = app_of(overrides, document, "--listen", faults);
    Value list = list_of(overrides.listen, "--listen");
    if (!app.empty()) put(document, {"app", app, "listen"}, std::move(list), faults);
  }
  for_each_app(document, [&](const std::string& app) {
    if (overrides.no_ownership_check) {
      put(document, {"app", app, "check_ownership"}, {false, {"--no-ownership-check", 0, 0}},
          faults);
    }
    const auto trusted = [&](const char* flag, const char* key, const auto& names) {
      if (!names.empty()) put(document, {"app", app, key}, list_of(names, flag), faults);
    };
    trusted("--trusted-user", "trusted_users", overrides.trusted_users);
    trusted("--trusted-group", "trusted_groups", overrides.trusted_groups);
  });
  const auto master = [&](const char* flag, const std::optional<std::string>& text,
                          const Path& path) {
    if (text) put(document, path, text_of(*text, flag), faults);
  };
  const Value* own = find(document, "master");
  const Value* control = own != nullptr ? find(*own, "control") : nullptr;
  const bool is_table = control != nullptr && std::holds_alternative<Table>(control->data);
  master("--control", overrides.control,
         is_table ? Path{"master", "control", "path"} : Path{"master", "control"});
  master("--pid-file", overrides.pid_file, {"master", "pid_file"});
  master("--log-level", overrides.log_level, {"master", "log", "level"});
  master("--log-format", overrides.log_format, {"master", "log", "format"});
  master("--log-file", overrides.log_file, {"master", "log", "file"});
  for (const std::string& text : overrides.set) apply_set(text, document, faults);
}

}  // namespace hupd::config
