// What one load met. Plain counters: report.cpp makes sentences of them.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "failure.hpp"
#include "histogram.hpp"
#include "time.hpp"

namespace hupd::torture {

struct Sample {
  Duration at{};  // since the start of the run
  Failure failure{};
  std::string detail;
};

// By these a connection is found again in the process that it died with. Times are of
// CLOCK_MONOTONIC, the same in all processes.
struct Lost {
  std::string_view how;  // a failure's name, or idle_close
  std::string server, client;
  Time opened{}, ended{};
};

struct Statistics {
  static constexpr std::size_t max_samples = 20;
  static constexpr std::size_t max_lost = 10'000;  // of the first failures; a bound, nothing else

  std::string load;
  std::uint64_t requests = 0;  // first sendings; a request sent again is still one
  std::uint64_t answered = 0;  // as expected
  std::array<std::uint64_t, failure_kinds> failures{};
  std::vector<Sample> samples;  // the first failures, to begin the search with
  std::vector<Lost> lost;       // by the server's doing, or without our asking

  // Not failures: a server may do this, and a client that follows the RFC loses nothing by it.
  std::uint64_t connections = 0;
  std::uint64_t reconnects = 0;
  std::uint64_t polite_closes = 0;  // `Connection: close` on a response, unasked
  std::uint64_t idle_closes = 0;    // end of file while nothing was asked
  std::uint64_t resent = 0;         // pipelined behind a polite close, asked again elsewhere

  // How many generations a connection saw in its life → how many connections did.
  std::map<unsigned, std::uint64_t> generations;

  Histogram latency;  // microseconds, answered requests

  void fail(Failure failure, Duration at, std::string detail) {
    ++failures[static_cast<std::size_t>(failure)];
    if (samples.size() < max_samples) samples.push_back({at, failure, std::move(detail)});
  }
  std::uint64_t failed() const {
    std::uint64_t sum = 0;
    for (const std::uint64_t count : failures) sum += count;
    return sum;
  }
  std::uint64_t failed(Failure failure) const {
    return failures[static_cast<std::size_t>(failure)];
  }
};

}  // namespace hupd::torture
