#include "config/plan.hpp"

#include "config/load.hpp"
#include "config/tables.hpp"
#include "config/toml.hpp"

namespace hupd::config {

std::string make_plan(const App& app, const Value* settings) {
  Value table = write_table(app, app_keys());
  const Value own = settings != nullptr ? *settings : Value{Table()};
  std::get<Table>(table.data).push_back({"settings", {}, own});
  const Value apps = {Table{{app.name, {}, std::move(table)}}};
  return to_toml({Table{{"app", {}, apps}}});
}

tl::expected<App, std::vector<Fault>> parse_plan(const std::string& plan) {
  Loaded loaded = parse(plan, "plan", "/");
  if (!loaded) return tl::unexpected(std::move(loaded.error()));
  if (loaded->apps.size() != 1) {
    return tl::unexpected(std::vector<Fault>{{"plan", 0, 0, "has more than one app"}});
  }
  return std::move(loaded->apps.front());
}

}  // namespace hupd::config
