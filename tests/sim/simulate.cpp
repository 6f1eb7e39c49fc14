// simulate [--seed N] [--histories N] [--trace]: random histories from a seed, HUPD_SIM_SEED by
// default. A broken promise prints the history that led to it and the command that repeats it.
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

#include "history.hpp"

namespace {

struct Options {
  std::uint64_t seed = 1;
  std::uint64_t histories = 60'000;
  bool trace = false;
};

std::optional<Options> parse(int argc, char** argv) {
  Options options;
  if (const char* seed = std::getenv("HUPD_SIM_SEED")) options.seed = std::stoull(seed);
  for (int i = 1; i < argc; ++i) {
    const std::string_view flag = argv[i];
    const bool has_value = i + 1 < argc;
    if (flag == "--seed" && has_value) {
      options.seed = std::stoull(argv[++i]);
    } else if (flag == "--histories" && has_value) {
      options.histories = std::stoull(argv[++i]);
    } else if (flag == "--trace") {
      options.trace = true;
    } else {
      return std::nullopt;
    }
  }
  return options;
}

void print_life(std::uint64_t seed) {
  for (const std::string& line : hupd::sim::live(seed, true).trace) std::cout << line << "\n";
}

}  // namespace

int main(int argc, char** argv) {
  const std::optional<Options> options = parse(argc, argv);
  if (!options) {
    std::cerr << "usage: " << argv[0] << " [--seed N] [--histories N] [--trace]\n";
    return 2;
  }
  const auto begun = std::chrono::steady_clock::now();
  const hupd::sim::Search search = hupd::sim::search(options->seed, options->histories);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;

  if (!search.broken.empty()) {
    print_life(search.failing_seed);
    for (const std::string& promise : search.broken) std::cout << "broken: " << promise << "\n";
    std::cout << "seed " << search.failing_seed << "; again: " << argv[0] << " --seed "
              << search.failing_seed << " --histories 1\n";
    return 1;
  }
  if (options->trace) print_life(options->seed);
  std::cout << search.tried << " histories from seed " << options->seed << ", " << search.events
            << " events, " << took.count() << " s: every promise kept\n";
  return 0;
}
