#include "config/settings_table.hpp"

#include "config/toml.hpp"

namespace hupd::config {
namespace {

void flatten(const Value& value, const std::string& path,
             std::map<std::string, std::string>& text) {
  if (std::holds_alternative<Array>(value.data)) return;
  const auto* table = std::get_if<Table>(&value.data);
  if (table == nullptr) {
    text.emplace(path, scalar_text(value));
    return;
  }
  for (const Entry& entry : *table) {
    flatten(entry.value, path.empty() ? entry.key : path + "." + entry.key, text);
  }
}

void read_settings(const Value& value, App& app, Context& context) {
  if (!std::holds_alternative<Table>(value.data)) {
    context.wanted(value, "a table");
    return;
  }
  app.settings_json = to_json(value);
  app.settings_text.clear();
  flatten(value, "", app.settings_text);
}

}  // namespace

Key<App> settings_table() {
  return {
      {"", "settings", "table", "", "", "Handed to the application as it stands: any keys.", false},
      {},
      read_settings,
      {}};
}

}  // namespace hupd::config
