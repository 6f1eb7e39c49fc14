// Families of metrics as OpenMetrics text, version 1.0.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace hupd::metrics {

inline constexpr std::string_view content_type =
    "application/openmetrics-text; version=1.0.0; charset=utf-8";

enum class Type { Info, Gauge, Counter };

struct Family {
  std::string name;  // without the suffix of its samples; its end is the unit, if it has one
  Type type;
  std::string unit;  // empty: none
  std::string help;  // one sentence
};

// The name of its samples.
std::string sample_name(const Family& family);

struct Seconds {
  std::uint64_t ms;
};
using Value = std::variant<std::uint64_t, Seconds>;
using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

class Text {
 public:
  // Samples are of this family, until the next one.
  void begin(const Family& family);
  // No two of a family have the same labels.
  void sample(const Labels& labels, Value value);

  std::string finished() &&;

 private:
  std::string text_;
  std::string name_;
};

}  // namespace hupd::metrics
