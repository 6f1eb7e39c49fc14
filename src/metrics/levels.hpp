// The levels that metrics are of, each with its labels: the words that the lists of them are
// written in.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "metrics/families.hpp"

namespace hupd::metrics {

std::vector<Source> of_masters();
std::vector<Source> of_apps();
std::vector<Source> of_generations();
std::vector<Source> of_workers();

inline Family gauge(std::string name, std::string help, std::string unit = "") {
  return {"hupd_" + std::move(name), Type::Gauge, std::move(unit), std::move(help)};
}
inline Family counter(std::string name, std::string help, std::string unit = "") {
  return {"hupd_" + std::move(name), Type::Counter, std::move(unit), std::move(help)};
}

// What each of a level counts, by the same names: "hupd_app_requests", "hupd_worker_requests".
struct Counted {
  std::string name;
  std::uint64_t control::Counts::*count;
  std::string help;
  std::string unit;
};
const std::vector<Counted>& counted();

// `each(status, f)` calls f(labels, one) for all of a level.
template <typename Each, typename Get>
Source source(Family family, Each each, Get get) {
  return {std::move(family), [each, get](const control::Status& status, Text& text) {
            each(status, [&](const Labels& labels, const auto& one) {
              const std::optional<Value> value = get(one);
              if (value) text.sample(labels, *value);
            });
          }};
}

inline constexpr auto each_app = [](const control::Status& status, auto&& f) {
  for (const auto& app : status.apps) f(Labels{{"app", app.app}}, app);
};

// One that is parked and has nobody left counts nothing any more.
inline bool is_over(const control::GenerationStatus& generation) {
  return generation.state == "parked" && generation.workers.empty();
}

inline constexpr auto each_generation = [](const control::Status& status, auto&& f) {
  for (const auto& app : status.apps) {
    for (const auto& generation : app.generations) {
      if (is_over(generation)) continue;
      const std::string id = std::to_string(generation.generation);
      f(Labels{{"app", app.app}, {"generation", id}}, generation);
    }
  }
};

// A slot may have two, one of which is on its way out: the process makes the difference.
inline constexpr auto each_worker = [](const control::Status& status, auto&& f) {
  each_generation(status, [&f](Labels labels, const control::GenerationStatus& generation) {
    for (const auto& worker : generation.workers) {
      if (worker.pid == 0) continue;
      const std::string slot = std::to_string(worker.slot);
      const std::string pid = std::to_string(worker.pid);
      Labels own = labels;
      own.emplace_back("worker", slot);
      own.emplace_back("pid", pid);
      f(own, worker);
    }
  });
};

template <typename Each>
void add_counted(std::vector<Source>& sources, const std::string& level, Each each) {
  for (const auto& one : counted()) {
    sources.push_back(source(counter(level + "_" + one.name, one.help, one.unit), each,
                             [count = one.count](const auto& of) { return of.counts.*count; }));
  }
}

}  // namespace hupd::metrics
