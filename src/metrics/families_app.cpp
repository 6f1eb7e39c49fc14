// Of the master, and of each app: what there are alerts on.
#include <algorithm>

#include "control/words.hpp"
#include "metrics/levels.hpp"
#include "metrics/moment.hpp"

namespace hupd::metrics {

namespace {

using control::AppStatus;
using control::Status;

constexpr auto each_master = [](const Status& status, auto&& f) { f(Labels{}, status); };

bool is_in_flight(const control::GenerationStatus& generation) {
  const auto& state = generation.state;
  return state == "preparing" || state == "booting" || state == "canary" || state == "switching";
}
bool is_on_its_way_out(const control::GenerationStatus& generation) {
  const bool was_superseded = generation.state == "parked" || generation.state == "retiring";
  return (was_superseded && !is_over(generation)) || generation.state == "receding";
}

std::uint64_t serving_workers(const AppStatus& app) {
  std::int64_t count = 0;
  for (const auto& generation : app.generations) {
    if (generation.generation != app.serving) continue;
    count += std::ranges::count(generation.workers, "serving", &control::WorkerStatus::state);
  }
  return static_cast<std::uint64_t>(count);
}

std::uint64_t failing_slots(const AppStatus& app) {
  std::int64_t count = 0;
  for (const auto& generation : app.generations) {
    count += std::ranges::count(generation.backoff, true, &control::BackoffStatus::degraded);
  }
  return static_cast<std::uint64_t>(count);
}

template <typename Is>
std::uint64_t generations(const AppStatus& app, Is is) {
  return static_cast<std::uint64_t>(std::ranges::count_if(app.generations, is));
}

std::uint64_t open_connections(const AppStatus& app) {
  std::uint64_t open = 0;
  for (const auto& generation : app.generations) {
    for (const auto& worker : generation.workers) open += worker.connections;
  }
  return open;
}

// The last one that has a result.
const control::Reload* last_ended(const AppStatus& app) {
  if (app.last_ended) return &*app.last_ended;
  if (!app.last_reload || app.last_reload->outcome == control::Outcome::Running) return nullptr;
  return &*app.last_reload;
}

std::optional<Value> ended_at(const AppStatus& app) {
  const auto* reload = last_ended(app);
  const auto started = reload == nullptr ? std::nullopt : moment_of(reload->started);
  if (!started) return std::nullopt;
  return Seconds{*started + reload->ended_ms.value_or(0)};
}

std::optional<Value> duration(const AppStatus& app) {
  const auto* reload = last_ended(app);
  if (reload == nullptr) return std::nullopt;
  return Seconds{reload->ended_ms.value_or(0)};
}

std::optional<Value> success(const AppStatus& app) {
  const auto* reload = last_ended(app);
  if (reload == nullptr) return std::nullopt;
  const bool is_well =
      reload->outcome == control::Outcome::Done || reload->outcome == control::Outcome::Unchanged;
  return is_well ? 1U : 0U;
}

void write_version(const Status& status, Text& text) {
  text.sample({{"version", status.hupd}}, 1U);
}

void write_reloads(const Status& status, Text& text) {
  for (const auto& app : status.apps) {
    for (const auto& [outcome, count] : app.reloads) {
      text.sample({{"app", app.app}, {"outcome", control::word(outcome)}}, count);
    }
  }
}

}  // namespace

std::vector<Source> of_masters() {
  return {
      {{"hupd", Type::Info, "", "The hupd that runs."}, write_version},
      source(gauge("start_time_seconds", "When the master started, since 1970.", "seconds"),
             each_master,
             [](const Status& s) -> std::optional<Value> {
               const auto started = moment_of(s.started);
               if (!started) return std::nullopt;
               return Seconds{*started};
             }),
      source(counter("configuration_refused",
                     "Reloads that came to nothing by a fault of the configuration."),
             each_master, [](const Status& s) { return s.refused; }),
      source(counter("upgrades", "Times that another program took the master's place."),
             each_master, [](const Status& s) { return s.past.upgrades; }),
      source(counter("upgrades_refused", "Programs that could not."), each_master,
             [](const Status& s) { return s.past.upgrades_refused; }),
      source(counter("master_deaths", "Masters that died, and another one went on."), each_master,
             [](const Status& s) { return s.past.deaths; }),
      source(gauge("keeper_misses",
                   "Descriptors that another master would miss if this one died now."),
             each_master, [](const Status& s) { return s.keeping.missing; }),
  };
}

std::vector<Source> of_apps() {
  const auto of_app = [](Family family, auto get) {
    return source(std::move(family), each_app, get);
  };
  std::vector<Source> all = {
      of_app(gauge("app_serving_generation", "The generation that serves; 0: none."),
             [](const AppStatus& a) { return a.serving; }),
      of_app(gauge("app_workers_wanted", "As configured, or scaled since."),
             [](const AppStatus& a) { return std::uint64_t{a.workers}; }),
      of_app(gauge("app_workers_serving", "Workers of the generation that serves, which accept."),
             serving_workers),
      of_app(counter("app_workers_lost", "Workers that ended without being asked."),
             [](const AppStatus& a) { return a.lost; }),
      of_app(gauge("app_slots_failing", "Places for workers whose workers keep failing."),
             failing_slots),
      of_app(gauge("app_generations_draining", "Old or rejected generations that live on."),
             [](const AppStatus& a) { return generations(a, is_on_its_way_out); }),
      of_app(gauge("app_reload_in_flight", "1 while a new generation is on its way."),
             [](const AppStatus& a) { return generations(a, is_in_flight); }),
      of_app(gauge("app_reload_pending", "1 while a reload is asked for and not begun."),
             [](const AppStatus& a) { return std::uint64_t{a.reload_waits}; }),
      {counter("app_reloads", "Reloads and starts that have ended, by outcome."), write_reloads},
      of_app(counter("app_probations_failed",
                     "Versions that failed their probation, after their reload was done."),
             [](const AppStatus& a) { return a.probations_failed; }),
      of_app(gauge("app_last_reload_success", "Of the last one that ended: 1 when it was done."),
             success),
      of_app(gauge("app_last_reload_duration_seconds", "How long it took.", "seconds"), duration),
      of_app(gauge("app_last_reload_timestamp_seconds", "When it ended, since 1970.", "seconds"),
             ended_at),
      of_app(gauge("app_connections", "Open now."), open_connections),
  };
  add_counted(all, "app", each_app);
  return all;
}

}  // namespace hupd::metrics
