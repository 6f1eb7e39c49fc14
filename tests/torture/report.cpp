#include "report.hpp"

#include <algorithm>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <utility>
#include <vector>

namespace hupd::torture {
namespace {

[[gnu::format(printf, 1, 2)]] std::string format(const char* pattern, ...) {
  char line[400];
  va_list values;
  va_start(values, pattern);
  std::vsnprintf(line, sizeof line, pattern, values);
  va_end(values);
  return line;
}

std::string millis(std::uint64_t micros) {
  return format("%.2f", static_cast<double>(micros) / 1000);
}
double millis(Duration span) { return seconds(span) * 1000; }

unsigned long long number(std::uint64_t value) { return value; }

std::string latency_row(const Statistics& load, double took) {
  const Histogram& h = load.latency;
  return format("%-11s %10llu %8llu %10.1f %9s %9s %9s %9s %9s\n", load.load.c_str(),
                number(load.requests), number(load.failed()),
                static_cast<double>(load.answered) / took, millis(h.percentile(50)).c_str(),
                millis(h.percentile(90)).c_str(), millis(h.percentile(99)).c_str(),
                millis(h.percentile(99.9)).c_str(), millis(h.max()).c_str());
}

std::string failure_rows(const Statistics& load) {
  std::string rows;
  for (std::size_t kind = 0; kind < failure_kinds; ++kind) {
    if (load.failures[kind] == 0) continue;
    const auto failure = static_cast<Failure>(kind);
    rows += format("  %-11s %8llu  %s", load.load.c_str(), number(load.failures[kind]),
                   std::string(name_of(failure)).c_str());
    const auto first = std::find_if(load.samples.begin(), load.samples.end(),
                                    [&](const Sample& one) { return one.failure == failure; });
    if (first != load.samples.end()) {
      rows += format(", first at %.3f s: %.200s", seconds(first->at), first->detail.c_str());
    }
    rows += '\n';
  }
  if (load.answered == 0) rows += "  " + load.load + ": nothing was answered as expected\n";
  return rows;
}

std::string habit_row(const Statistics& load) {
  std::string row = format(
      "  %-11s %llu connections, %llu reconnects, %llu polite closes, %llu idle closes, "
      "%llu resent\n",
      load.load.c_str(), number(load.connections), number(load.reconnects),
      number(load.polite_closes), number(load.idle_closes), number(load.resent));
  for (const auto& [generations, connections] : load.generations) {
    row += format("  %-11s %llu connections saw %u generation%s\n", "", number(connections),
                  generations, generations == 1 ? "" : "s");
  }
  return row;
}

std::string reload_rows(const Results& results) {
  std::string rows;
  Duration longest{};
  for (const ReloadRecord& one : results.reloads) {
    longest = std::max(longest, one.took);
    if (one.failed) rows += format("  at %.3f s: %s\n", seconds(one.at), one.outcome.c_str());
  }
  rows =
      format("reloads: %zu, command at most %.1f ms\n", results.reloads.size(), millis(longest)) +
      rows;
  if (results.reloads_missed > 0) rows += format("  %zu missed\n", results.reloads_missed);
  if (results.closed > 0)
    rows += format("  %llu connections closed by the server\n", number(results.closed));
  if (results.without_switch > 0) {
    rows += format("  %zu brought no new generation\n", results.without_switch);
  }
  if (const Spread fresh = first_new(results); fresh.count > 0) {
    const Spread old = last_old(results);
    rows += format(
        "  %zu new generations seen; to the first new answer: median %.1f ms, longest %.1f ms; "
        "to the last old one: median %.1f ms, longest %.1f ms\n",
        fresh.count, millis(fresh.median), millis(fresh.longest), millis(old.median),
        millis(old.longest));
  }
  return rows;
}

Spread spread_of(std::vector<Duration> times) {
  if (times.empty()) return {};
  std::sort(times.begin(), times.end());
  return {times.size(), times[times.size() / 2], times.back()};
}

using Time = Duration Switch::*;
Spread over_switches(const Results& results, Time time) {
  std::vector<Duration> times;
  for (const Switch& one : results.switches) {
    if (one.switched) times.push_back(one.*time);
  }
  return spread_of(std::move(times));
}

}  // namespace

Spread first_new(const Results& results) { return over_switches(results, &Switch::first_new); }
Spread last_old(const Results& results) { return over_switches(results, &Switch::last_old); }

std::string table(const Results& results) {
  const double took = seconds(results.took);
  std::string text = format("%-11s %10s %8s %10s %9s %9s %9s %9s %9s\n", "load", "requests",
                            "failed", "answered/s", "p50 ms", "p90", "p99", "p99.9", "max");
  for (const Statistics& load : results.loads) text += latency_row(load, took);

  std::string failures;
  for (const Statistics& load : results.loads) failures += failure_rows(load);
  text += failures.empty() ? "failures: none\n" : "failures\n" + failures;

  text += "no failures, but seen\n";
  for (const Statistics& load : results.loads) text += habit_row(load);
  if (!results.reloads.empty() || results.reloads_missed > 0) text += reload_rows(results);
  if (results.tcp.time_wait_overflow > 0) {
    text += format(
        "warning: TIME_WAIT overflowed %lld times (net.ipv4.tcp_max_tw_buckets): connects may have "
        "stalled for that, and not for the server\n",
        static_cast<long long>(results.tcp.time_wait_overflow));
  }
  if (results.tcp.listen_overflows > 0) {
    text += format("warning: a listen queue overflowed %lld times\n",
                   static_cast<long long>(results.tcp.listen_overflows));
  }
  return text;
}

}  // namespace hupd::torture
