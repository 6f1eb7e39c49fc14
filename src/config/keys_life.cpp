// Keys of how workers come and go.
#include "config/ranges.hpp"
#include "config/tables.hpp"

namespace hupd::config {

std::vector<Key<Canary>> canary_keys() {
  return {
      key("workers", &Canary::workers, count(0, 1024), "0",
          "How many; one that fails ends the reload. 0: none."),
      key("hold", &Canary::hold, hold(), "\"10s\"",
          "How long they serve before the others follow; \"manual\": until somebody decides."),
  };
}

std::vector<Key<Probation>> probation_keys() {
  return {
      key("time", &Probation::time, duration(Millis(0), day), "\"0s\"",
          "For how long after the switch; 0s: there is none."),
      key("crashes", &Probation::crashes, count(0, 1'000'000), "3",
          "How many losses of workers are forgiven meanwhile; one more, and the version before "
          "comes back."),
  };
}

std::vector<Key<Rollback>> rollback_keys() {
  return {
      key("keep", &Rollback::keep, count(0, 100), "1",
          "How many versions before the one that serves are kept, as private copies."),
      key("parked", &Rollback::parked, flag(), "true",
          "Whether the youngest of them stays loaded, in its zygote: to go back takes no time "
          "then, "
          "but its memory."),
  };
}

std::vector<Key<Reload>> reload_keys() {
  return {
      key("surge", &Reload::surge, surge(), "\"100%\"",
          "How many new workers start at a time, as a number or as a part of `workers`."),
      key("max_draining", &Reload::max_draining, count(1, 1000), "4",
          "How many old generations may drain at a time; the next reload waits until one is gone, "
          "at most for drain_timeout."),
      section("canary", &Reload::canary, canary_keys(),
              "New workers that serve first, beside all old ones."),
      section("probation", &Reload::probation, probation_keys(),
              "How a new version proves itself after the switch."),
  };
}

std::vector<Key<Restart>> restart_keys() {
  return {
      key("backoff_first", &Restart::backoff_first, duration(instant, hour), "\"100ms\"",
          "The wait before a worker's second replacement; the first is at once, later ones double "
          "it."),
      key("backoff_cap", &Restart::backoff_cap, duration(instant, hour), "\"30s\"",
          "The longest wait before a replacement."),
      key("jitter", &Restart::jitter_percent, percent(), "\"20%\"",
          "How far a wait may be off at random, so that workers do not return in step."),
      key("stable_after", &Restart::stable_after, duration(Millis(0), day), "\"10s\"",
          "A worker that served this long counts as good again: its next replacement is at once."),
  };
}

std::vector<Key<Recycle>> recycle_keys() {
  return {
      key("requests", &Recycle::requests, count(0, 1'000'000'000), "0",
          "Requests that a worker has served when it is relieved; 0: any number."),
      key("age", &Recycle::age, duration(Millis(0), 365 * day), "\"0s\"",
          "How long it serves; 0s: as long as it can."),
      key("memory", &Recycle::memory, size(0, 1024 * gib), "\"0B\"",
          "Memory that it has in RAM (RSS, which counts what workers share); 0B: any amount."),
      key("jitter", &Recycle::jitter_percent, percent(), "\"10%\"",
          "How far below these limits each worker's own may be at random, so that they do not go "
          "in step."),
  };
}

namespace {

std::vector<Key<Probe>> probe_keys() {
  return {
      key("path", &Probe::path, request_path(), "\"\"",
          "Asked with GET, of applications of the http height: 2xx and 3xx are well. Empty: only "
          "the application's own probe is asked, if it has one."),
      key("host", &Probe::host, request_host(), "\"localhost\"", "The Host field of that request."),
      key("timeout", &Probe::timeout, duration(instant, hour), "\"5s\"",
          "For both together; boot_timeout goes on meanwhile."),
      key("interval", &Probe::interval, duration(Millis(0), day), "\"2s\"",
          "The pause between two probes of a worker that serves; 0s: only before it is ready."),
  };
}

}  // namespace

// `probe = "/PATH"` is short for a table with the path alone.
Key<App> probe_section() {
  auto made =
      section("probe", &App::probe, probe_keys(),
              "Is a worker well, before it may serve and while it does? probe = \"/PATH\" is "
              "short.");
  made.read = [whole = made.read](const Value& value, App& app, Context& context) {
    if (!std::holds_alternative<std::string>(value.data)) return whole(value, app, context);
    if (auto text = request_path().read(value, context)) app.probe.path = std::move(*text);
  };
  return made;
}

}  // namespace hupd::config
