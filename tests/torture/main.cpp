#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>

#include "json.hpp"
#include "options.hpp"
#include "report.hpp"
#include "run.hpp"

int main(int argc, char** argv) {
  using namespace hupd::torture;
  Options options;
  if (const int code = parse_options(argc, argv, options); code >= 0) return code;
  try {
    const Results results = run(options);
    // With the JSON on standard output, the table makes way.
    (options.json == "-" ? std::cerr : std::cout) << table(results) << std::flush;
    if (options.json == "-") {
      std::cout << json(results);
    } else if (!options.json.empty()) {
      std::ofstream(options.json) << json(results);
    }
    return results.failed() ? 1 : 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "hupd-torture: %s\n", error.what());
    return 1;
  }
}
