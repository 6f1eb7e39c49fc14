// What a master can be asked about in numbers, as a monitoring system asks: the state of its apps
// as OpenMetrics text.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "control/status.hpp"
#include "metrics/text.hpp"

namespace hupd::metrics {

struct Source {
  Family family;
  std::function<void(const control::Status&, Text&)> write;  // its samples
};

// The one list of all metrics, in the order of the text.
const std::vector<Source>& sources();

// Of apps with the same name, one of which is on its way out, the younger one is told of.
std::string text_of(const control::Status& status);

}  // namespace hupd::metrics
