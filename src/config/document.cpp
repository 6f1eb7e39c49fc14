#include "config/document.hpp"

#include <algorithm>

#include "config/app_name.hpp"
#include "config/plan.hpp"
#include "config/tables.hpp"

namespace hupd::config {
namespace {

// What no key can see by itself.
void check_together(const App& app, const Value& table, Context& context) {
  if (app.restart.backoff_first <= app.restart.backoff_cap) return;
  const Value& restart = *find(table, "restart");  // the defaults are in order
  const Value* cap = find(restart, "backoff_cap");
  const Value* first = find(restart, "backoff_first");
  const Value& culprit = cap != nullptr ? *cap : *first;
  context.fault(culprit.place,
                context.path() + ".restart: backoff_first must not be longer than backoff_cap");
}

void read_app(const Entry& entry, Settings& settings, Context& context) {
  if (!is_app_name(entry.key)) {
    context.fault(entry.place, "bad name of an app '" + entry.key +
                                   "': use 1 to 64 letters, digits, '_' and '-'");
  }
  const Context::Inside inside(context, entry.key);
  if (!std::holds_alternative<Table>(entry.value.data)) {
    context.fault(entry.place, "'" + entry.key +
                                   "' is no table: an app is one with a name, [app.NAME], and its "
                                   "keys go there");
    return;
  }
  App app;
  app.name = entry.key;
  app.workers = std::max(1U, context.cpus);  // as its key's default says
  context.workers = app.workers;
  read_table(entry.value, app, app_keys(), context);
  check_together(app, entry.value, context);
  app.plan = make_plan(app, find(entry.value, "settings"));
  settings.apps.push_back(std::move(app));
}

void read_apps(const Value* apps, const Value& document, Settings& settings, Context& context) {
  const auto* table = apps != nullptr ? std::get_if<Table>(&apps->data) : nullptr;
  if (apps != nullptr && table == nullptr) {
    context.fault(apps->place, "app: must be a table for each app, [app.NAME]");
  } else if (apps == nullptr || table->empty()) {
    context.fault(document.place,
                  "no app to run: add a table [app.NAME] with 'library' and 'listen'");
  } else {
    for (const Entry& entry : *table) read_app(entry, settings, context);
  }
}

}  // namespace

Settings read_document(const Value& document, Context& context) {
  Settings settings;
  std::vector<Description> known = {{"", "master", "table", "", "", "", false},
                                    {"", "metrics", "table", "", "", "", false},
                                    {"", "app", "table", "", "", "", false}};
  refuse_unknown(std::get<Table>(document.data), known, context);
  if (const Value* master = find(document, "master")) {
    const Context::Inside inside(context, "master");
    read_table(*master, settings.master, master_keys(), context);
  }
  if (const Value* metrics = find(document, "metrics")) {
    const Context::Inside inside(context, "metrics");
    read_table(*metrics, settings.metrics, metrics_keys(), context);
  }
  const Context::Inside inside(context, "app");
  read_apps(find(document, "app"), document, settings, context);
  return settings;
}

}  // namespace hupd::config
