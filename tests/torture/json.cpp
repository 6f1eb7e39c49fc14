#include "json.hpp"

#include <concepts>
#include <cstdio>
#include <initializer_list>
#include <utility>
#include <vector>

#include "report.hpp"

namespace hupd::torture {
namespace {

using Field = std::pair<std::string, std::string>;  // name, and value as JSON

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned char>(c));
      out += escape;
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", value);
  return text;
}
template <std::integral Integer>
std::string number(Integer value) {
  return std::to_string(value);
}
std::string millis(Duration span) { return number(seconds(span) * 1000); }

std::string object(const std::vector<Field>& fields) {
  std::string out = "{";
  for (const auto& [name, value] : fields) {
    if (out.size() > 1) out += ", ";
    out += quoted(name) + ": " + value;
  }
  return out + "}";
}

template <typename Items, typename Write>
std::string array(const Items& items, Write write) {
  std::string out = "[";
  for (const auto& item : items) {
    if (out.size() > 1) out += ", ";
    out += write(item);
  }
  return out + "]";
}

std::string latency(const Histogram& h) {
  const auto at = [&](double percent) {
    return number(static_cast<double>(h.percentile(percent)) / 1000);
  };
  return object({{"p50", at(50)},
                 {"p90", at(90)},
                 {"p99", at(99)},
                 {"p99.9", at(99.9)},
                 {"max", number(static_cast<double>(h.max()) / 1000)}});
}

std::string sample(const Sample& one) {
  return object({{"at_s", number(seconds(one.at))},
                 {"failure", quoted(std::string(name_of(one.failure)))},
                 {"detail", quoted(one.detail)}});
}

std::string lost(const Lost& one) {
  return object({{"how", quoted(std::string(one.how))},
                 {"server", quoted(one.server)},
                 {"client", quoted(one.client)},
                 {"opened_us", number(micros(one.opened.time_since_epoch()))},
                 {"ended_us", number(micros(one.ended.time_since_epoch()))}});
}

std::string load_object(const Statistics& load) {
  std::vector<Field> failures;
  for (std::size_t kind = 0; kind < failure_kinds; ++kind) {
    const std::string name(name_of(static_cast<Failure>(kind)));
    if (load.failures[kind] > 0) failures.emplace_back(name, number(load.failures[kind]));
  }
  std::vector<Field> generations;
  for (const auto& [seen, connections] : load.generations) {
    generations.emplace_back(number(seen), number(connections));
  }
  return object({{"load", quoted(load.load)},
                 {"requests", number(load.requests)},
                 {"answered", number(load.answered)},
                 {"failed", number(load.failed())},
                 {"failures", object(failures)},
                 {"samples", array(load.samples, sample)},
                 {"lost", array(load.lost, lost)},
                 {"connections", number(load.connections)},
                 {"reconnects", number(load.reconnects)},
                 {"polite_closes", number(load.polite_closes)},
                 {"idle_closes", number(load.idle_closes)},
                 {"resent", number(load.resent)},
                 {"connections_by_generations_seen", object(generations)},
                 {"latency_ms", latency(load.latency)}});
}

std::string reload_object(const ReloadRecord& one) {
  return object({{"at_s", number(seconds(one.at))},
                 {"took_ms", millis(one.took)},
                 {"outcome", quoted(one.outcome)}});
}

std::string switch_object(const Switch& one) {
  if (!one.switched) return "null";
  return object({{"to", quoted(one.to)},
                 {"first_new_ms", millis(one.first_new)},
                 {"last_old_ms", millis(one.last_old)}});
}

}  // namespace

std::string json(const Results& results) {
  return object({{"failed", results.failed() ? "true" : "false"},
                 {"duration_s", number(seconds(results.took))},
                 {"loads", array(results.loads, load_object)},
                 {"reloads", array(results.reloads, reload_object)},
                 {"reloads_missed", number(results.reloads_missed)},
                 {"reloads_without_switch", number(results.without_switch)},
                 {"closed", number(results.closed)},
                 {"generations", number(results.generations)},
                 {"switches", array(results.switches, switch_object)},
                 {"time_wait_overflow", number(results.tcp.time_wait_overflow)},
                 {"listen_overflows", number(results.tcp.listen_overflows)},
                 {"listen_drops", number(results.tcp.listen_drops)}}) +
         "\n";
}

}  // namespace hupd::torture
