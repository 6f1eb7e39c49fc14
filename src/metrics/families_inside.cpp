// Of each generation that lives, and of each worker that lives.
#include <map>

#include "metrics/levels.hpp"

namespace hupd::metrics {

namespace {

using control::GenerationStatus;
using control::Status;
using control::WorkerStatus;

std::uint64_t open_connections(const GenerationStatus& generation) {
  std::uint64_t open = 0;
  for (const auto& worker : generation.workers) open += worker.connections;
  return open;
}

void write_generations(const Status& status, Text& text) {
  each_generation(status, [&text](Labels labels, const GenerationStatus& generation) {
    labels.emplace_back("version", generation.version);
    labels.emplace_back("hash", generation.hash);
    text.sample(labels, 1U);
  });
}

void write_workers(const Status& status, Text& text) {
  each_generation(status, [&text](const Labels& labels, const GenerationStatus& generation) {
    std::map<std::string, std::uint64_t> by_state;
    for (const auto& worker : generation.workers) ++by_state[worker.state];
    for (const auto& [state, count] : by_state) {
      Labels own = labels;
      own.emplace_back("state", state);
      text.sample(own, count);
    }
  });
}

void write_states(const Status& status, Text& text) {
  each_worker(status, [&text](Labels labels, const WorkerStatus& worker) {
    labels.emplace_back("state", worker.state);
    text.sample(labels, 1U);
  });
}

}  // namespace

const std::vector<Counted>& counted() {
  using control::Counts;
  static const std::vector<Counted> all = {
      {"connections_accepted", &Counts::accepted, "Connections, those taken over included.", ""},
      {"connections_taken_over", &Counts::taken_over, "Connections that lived in another worker.",
       ""},
      {"requests", &Counts::requests, "Requests of HTTP, or what an application counts.", ""},
      {"requests_refused", &Counts::refused, "Requests that hupd answered with an error.", ""},
      {"timeouts", &Counts::timeouts, "Connections that a time limit ended.", ""},
      {"received_bytes", &Counts::received_bytes, "Read from connections.", "bytes"},
      {"sent_bytes", &Counts::sent_bytes, "Written to connections.", "bytes"},
  };
  return all;
}

std::vector<Source> of_generations() {
  std::vector<Source> all = {
      {{"hupd_generation", Type::Info, "", "A generation that lives: what was deployed."},
       write_generations},
      {gauge("generation_workers", "Its workers, by state; none: no sample."), write_workers},
      source(gauge("generation_connections", "Open now."), each_generation, open_connections),
  };
  add_counted(all, "generation", each_generation);
  return all;
}

std::vector<Source> of_workers() {
  std::vector<Source> all = {
      {gauge("worker_state", "1 for the state that it is in."), write_states},
      source(gauge("worker_connections", "Open now."), each_worker,
             [](const WorkerStatus& w) { return std::uint64_t{w.connections}; }),
      source(gauge("worker_resident_memory_bytes", "In RAM, with what it shares.", "bytes"),
             each_worker, [](const WorkerStatus& w) { return w.rss_bytes; }),
      source(counter("worker_cpu_seconds", "Of user and system.", "seconds"), each_worker,
             [](const WorkerStatus& w) -> std::optional<Value> {
               if (!w.cpu_ms) return std::nullopt;
               return Seconds{*w.cpu_ms};
             }),
  };
  add_counted(all, "worker", each_worker);
  return all;
}

}  // namespace hupd::metrics
