// One run from options to results, without a word on paper.
#pragma once

#include <vector>

#include "generations.hpp"
#include "options.hpp"
#include "reloader.hpp"
#include "statistics.hpp"
#include "tcp_counters.hpp"

namespace hupd::torture {

struct Results {
  Duration took{};
  std::vector<Statistics> loads;
  std::vector<ReloadRecord> reloads;
  std::size_t reloads_missed = 0;
  std::size_t generations = 0;
  std::vector<Switch> switches;
  std::size_t without_switch = 0;  // reloads, where each had to bring a new generation
  std::uint64_t closed = 0;        // connections, where none was to be
  TcpCounters tcp;                 // what they grew by

  // Anything that makes the run a failure: a request, a reload, a load that did nothing.
  bool failed() const;
};

Results run(const Options& options);

}  // namespace hupd::torture
