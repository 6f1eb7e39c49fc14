// Numbers, and text that stands for a number.
#include <algorithm>

#include "config/codec.hpp"
#include "config/units.hpp"

namespace hupd::config {
namespace {

constexpr std::uint32_t most_workers = 1024;

std::string between(const std::string& least, const std::string& most) {
  return least + " to " + most;
}

std::optional<std::uint32_t> whole(const Value& value, std::uint32_t least, std::uint32_t most) {
  const auto* number = std::get_if<std::int64_t>(&value.data);
  if (number == nullptr || *number < least || *number > most) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

Value number_value(std::uint32_t number) { return {static_cast<std::int64_t>(number)}; }

// A string that `parse` understands and that lies in the range. A bare number gets the hint of what
// it lacks, so "30" is parsed as text too.
template <typename T, typename Parse>
std::optional<T> measured(const Value& value, Context& context, T least, T most,
                          const std::string& what, const Parse& parse) {
  const bool text = std::holds_alternative<std::string>(value.data);
  if (!text && !std::holds_alternative<std::int64_t>(value.data)) {
    context.wanted(value, what);
    return std::nullopt;
  }
  const Read<T> read = parse(scalar_text(value));
  if (!read) {
    context.wanted(value, what, read.error());
  } else if (!text) {
    context.wanted(value, what, "write it as a string with its unit");
  } else if (*read < least || *read > most) {
    context.wanted(value, what);
  } else {
    return *read;
  }
  return std::nullopt;
}

}  // namespace

Codec<std::uint32_t> count(std::uint32_t least, std::uint32_t most) {
  const std::string range = between(std::to_string(least), std::to_string(most));
  return {"number", range,
          [=](const Value& value, Context& context) {
            const auto number = whole(value, least, most);
            if (!number) context.wanted(value, "a whole number from " + range);
            return number;
          },
          number_value};
}

Codec<Millis> duration(Millis least, Millis most) {
  const std::string range = between(format_duration(least), format_duration(most));
  return {"duration", range,
          [=](const Value& value, Context& context) {
            return measured(value, context, least, most,
                            "a duration from " + range + ", such as \"30s\"", parse_duration);
          },
          [](const Millis& value) { return Value{format_duration(value)}; }};
}

Codec<Millis> hold() {
  const Codec<Millis> timed = duration(Millis(1), std::chrono::hours(24));
  return {"duration or \"manual\"", timed.range,
          [timed](const Value& value, Context& context) -> std::optional<Millis> {
            const auto* text = std::get_if<std::string>(&value.data);
            if (text != nullptr && *text == "manual") return Millis::max();
            return timed.read(value, context);
          },
          [timed](const Millis& value) {
            return value == Millis::max() ? Value{std::string("manual")} : timed.write(value);
          }};
}

Codec<Bytes> size(Bytes least, Bytes most) {
  const std::string range = between(format_size(least), format_size(most));
  return {"size", range,
          [=](const Value& value, Context& context) {
            return measured(value, context, least, most,
                            "a size from " + range + ", such as \"64KiB\"", parse_size);
          },
          [](const Bytes& value) { return Value{format_size(value)}; }};
}

Codec<std::uint32_t> percent() {
  return {"percentage", "0% to 100%",
          [](const Value& value, Context& context) {
            return measured(
                value, context, 0U, 100U, "a percentage from \"0%\" to \"100%\"",
                [](std::string_view text) {
                  // The sentence says how to write it; a hint would say it again.
                  return parse_percent(text).map_error([](auto&&) { return std::string(); });
                });
          },
          [](const std::uint32_t& value) { return Value{std::to_string(value) + "%"}; }};
}

Codec<std::uint32_t> workers() {
  return {"number or \"auto\"", between("1", std::to_string(most_workers)),
          [](const Value& value, Context& context) -> std::optional<std::uint32_t> {
            const auto* text = std::get_if<std::string>(&value.data);
            const auto number = text != nullptr && *text == "auto"
                                    ? std::clamp(context.cpus, 1U, most_workers)
                                    : whole(value, 1, most_workers);
            if (!number) context.wanted(value, "\"auto\" or a whole number from 1 to 1024");
            if (number) context.workers = *number;
            return number;
          },
          number_value};
}

Codec<std::uint32_t> surge() {
  return {
      "number or percentage", "1 to 1024, or 1% to 100%",
      [](const Value& value, Context& context) -> std::optional<std::uint32_t> {
        if (const auto number = whole(value, 1, most_workers)) return number;
        const auto* text = std::get_if<std::string>(&value.data);
        const auto share = text != nullptr ? parse_percent(*text) : Read<std::uint32_t>(0);
        if (!share || *share == 0) {
          context.wanted(
              value,
              "a number of workers from 1 to 1024 or a percentage of them from \"1%\" to \"100%\"");
          return std::nullopt;
        }
        if (*share == 100) return 0;  // whatever their number becomes
        return (context.workers * *share + 99) / 100;
      },
      [](const std::uint32_t& value) {
        return value == 0 ? Value{std::string("100%")} : number_value(value);
      }};
}

}  // namespace hupd::config
