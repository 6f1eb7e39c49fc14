#include "metrics/moment.hpp"

#include <charconv>
#include <chrono>

namespace hupd::metrics {

namespace {

constexpr std::string_view shape = "0000-00-00T00:00:00.000Z";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool has_shape(std::string_view text) {
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == '0' ? !is_digit(text[i]) : text[i] != shape[i]) return false;
  }
  return true;
}

}  // namespace

std::optional<std::uint64_t> moment_of(std::string_view text) {
  if (!has_shape(text)) return std::nullopt;
  const auto part = [text](std::size_t at, std::size_t digits) {
    int value = 0;
    std::from_chars(text.data() + at, text.data() + at + digits, value);
    return value;
  };
  using namespace std::chrono;
  const year_month_day date(year(part(0, 4)), month(static_cast<unsigned>(part(5, 2))),
                            day(static_cast<unsigned>(part(8, 2))));
  if (!date.ok()) return std::nullopt;
  const auto time = sys_days(date) + hours(part(11, 2)) + minutes(part(14, 2)) +
                    seconds(part(17, 2)) + milliseconds(part(20, 3));
  const auto since = time.time_since_epoch().count();
  if (since < 0) return std::nullopt;
  return static_cast<std::uint64_t>(since);
}

}  // namespace hupd::metrics
