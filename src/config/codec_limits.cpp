// Resource limits by setrlimit's names.
#include <algorithm>
#include <array>

#include "config/codec.hpp"
#include "config/nearest.hpp"
#include "config/units.hpp"

namespace hupd::config {
namespace {

using Limit = std::pair<std::uint64_t, std::uint64_t>;

constexpr std::array<std::string_view, 9> known = {"nofile", "core",  "nproc",   "as", "data",
                                                   "stack",  "fsize", "memlock", "cpu"};
constexpr std::array<std::string_view, 3> counted = {"nofile", "nproc", "cpu"};  // others: bytes

std::optional<std::uint64_t> read_one(const Value& value, bool bytes, Context& context) {
  const auto* number = std::get_if<std::int64_t>(&value.data);
  if (number != nullptr && *number >= 0) return static_cast<std::uint64_t>(*number);
  const auto* text = std::get_if<std::string>(&value.data);
  if (text != nullptr && *text == "unlimited") return unlimited;
  if (text != nullptr && bytes && parse_size(*text)) return *parse_size(*text);
  context.wanted(value, bytes ? "a size such as \"16MiB\", a number of bytes or \"unlimited\""
                              : "a whole number or \"unlimited\"");
  return std::nullopt;
}

std::optional<Limit> read_limit(const Value& value, bool bytes, Context& context) {
  const auto* pair = std::get_if<Array>(&value.data);
  if (pair == nullptr) {
    const auto both = read_one(value, bytes, context);
    return both ? std::optional(Limit(*both, *both)) : std::nullopt;
  }
  if (pair->size() != 2) {
    context.fault(value.place, context.path() + ": must be one value or [soft, hard]");
    return std::nullopt;
  }
  const auto soft = read_one((*pair)[0], bytes, context);
  const auto hard = read_one((*pair)[1], bytes, context);
  if (!soft || !hard) return std::nullopt;
  if (*soft <= *hard) return Limit(*soft, *hard);
  context.fault(value.place, context.path() +
                                 ": the soft limit, which is the first, must not be "
                                 "above the hard one");
  return std::nullopt;
}

std::optional<Limits> read_all(const Value& value, Context& context) {
  const auto* table = std::get_if<Table>(&value.data);
  if (table == nullptr) {
    context.wanted(value, "a table, such as { nofile = 65536 }");
    return std::nullopt;
  }
  Limits limits;
  for (const Entry& entry : *table) {
    if (std::ranges::find(known, entry.key) == known.end()) {
      const std::string meant(nearest(entry.key, known));
      context.fault(entry.place, "unknown limit '" + entry.key + "' in " + context.path() +
                                     (meant.empty() ? "" : " (did you mean '" + meant + "'?)"));
      continue;
    }
    const Context::Inside inside(context, entry.key);
    const bool bytes = std::ranges::find(counted, entry.key) == counted.end();
    if (const auto limit = read_limit(entry.value, bytes, context)) limits[entry.key] = *limit;
  }
  return limits;
}

Value write_one(std::uint64_t limit) {
  if (limit == unlimited) return {std::string("unlimited")};
  return {static_cast<std::int64_t>(limit)};
}

}  // namespace

Codec<Limits> limits() {
  return {"table of limits", "", read_all, [](const Limits& limits) {
            Table table;
            for (const auto& [name, limit] : limits) {
              table.push_back({name, {}, {Array{write_one(limit.first), write_one(limit.second)}}});
            }
            return Value{table};
          }};
}

}  // namespace hupd::config
