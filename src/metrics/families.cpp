#include "metrics/families.hpp"

#include <algorithm>

#include "metrics/levels.hpp"

namespace hupd::metrics {

namespace {

std::vector<Source> all_sources() {
  std::vector<Source> all = of_masters();
  for (auto more : {of_apps(), of_generations(), of_workers()}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

// Two samples of the same name and labels would make the whole text invalid.
control::Status without_namesakes(const control::Status& status) {
  control::Status unique = status;
  unique.apps.clear();
  for (auto app = status.apps.begin(); app != status.apps.end(); ++app) {
    const bool has_younger = std::any_of(app + 1, status.apps.end(),
                                         [&](const auto& other) { return other.app == app->app; });
    if (!has_younger) unique.apps.push_back(*app);
  }
  return unique;
}

}  // namespace

const std::vector<Source>& sources() {
  static const std::vector<Source> all = all_sources();
  return all;
}

std::string text_of(const control::Status& status) {
  const auto unique = without_namesakes(status);
  Text text;
  for (const auto& source : sources()) {
    text.begin(source.family);
    source.write(unique, text);
  }
  return std::move(text).finished();
}

}  // namespace hupd::metrics
