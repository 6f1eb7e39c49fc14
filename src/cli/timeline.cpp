#include "cli/timeline.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "cli/lives.hpp"
#include "cli/words.hpp"

namespace hupd::cli {
namespace {

constexpr std::size_t before = 7, behind = 18;  // columns beside the picture
constexpr std::size_t narrowest = 20, widest = 120;
constexpr char goes_on = '>', rejected = 'x';

constexpr const char* legend =
    ". starts  : canary  = serves  ~ drains  > goes on  x rejected\n"
    "The further back, the closer together.\n";

struct Look {
  char mark;
  Colour colour;
};

Look look_of(Phase phase) {
  switch (phase) {
    case Phase::Starts:
      return {'.', Colour::Plain};
    case Phase::Canary:
      return {':', Colour::Warning};
    case Phase::Serves:
      return {'=', Colour::Good};
    case Phase::Drains:
      return {'~', Colour::Faint};
  }
  return {};
}

// Where in the picture a moment is.
class Scale {
 public:
  Scale(std::size_t columns, Ago oldest) : columns_(columns), oldest_(size_of(oldest)) {}

  std::size_t column(Ago ago) const {
    if (oldest_ == 0) return 0;
    const double part = 1 - size_of(ago) / oldest_;
    return static_cast<std::size_t>(std::lround(part * static_cast<double>(columns_ - 1)));
  }
  std::size_t columns() const { return columns_; }

 private:
  // Evenly within the last second, and then ever closer.
  static double size_of(Ago ago) { return std::log1p(static_cast<double>(ago) / 1000); }

  std::size_t columns_;
  double oldest_;
};

std::string axis_of(const Scale& scale, Ago oldest) {
  struct Tick {
    Ago ago;
    const char* text;
  };
  constexpr Ago second = 1000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;
  constexpr std::array ticks = {
      Tick{30 * day, "30d"}, Tick{7 * day, "7d"},      Tick{day, "1d"},
      Tick{6 * hour, "6h"},  Tick{hour, "1h"},         Tick{10 * minute, "10m"},
      Tick{minute, "1m"},    Tick{10 * second, "10s"}, Tick{second, "1s"}};
  std::string axis = "|" + short_duration(oldest);
  for (const Tick& tick : ticks) {
    if (tick.ago >= oldest) continue;
    const std::size_t at = scale.column(tick.ago);
    if (at < axis.size() || at + 8 > scale.columns()) continue;
    axis = left(axis, at) + "|" + tick.text;
  }
  return left(axis, scale.columns() - 3) + "now";
}

// Whatever came to pass has a column of its own, if there is room.
std::string picture_of(const Life& life, const Scale& scale, bool with_colour) {
  std::string marks(scale.columns(), ' ');
  std::string colours(scale.columns(), static_cast<char>(Colour::Plain));
  std::size_t at = scale.column(life.began());
  const auto put = [&](char mark, Colour colour) {
    const std::size_t place = std::min(at++, scale.columns() - 1);
    marks[place] = mark;
    colours[place] = static_cast<char>(colour);
  };
  for (const Lived& one : life.phases) {
    const Look look = look_of(one.phase);
    const std::size_t end = scale.column(one.to.value_or(0));
    do put(look.mark, look.colour);
    while (at < end);
    if (!one.to) put(goes_on, look.colour);
  }
  if (life.is_rejected) put(rejected, Colour::Bad);
  std::string text;
  for (std::size_t i = 0, end = 0; i < marks.size(); i = end) {
    end = std::min(colours.find_first_not_of(colours[i], i), marks.size());
    text += coloured(marks.substr(i, end - i), static_cast<Colour>(colours[i]), with_colour);
  }
  return text;
}

std::string took(const Lived* one) {
  return one == nullptr ? "-"
                        : short_duration(one->from - std::min(one->to.value_or(0), one->from));
}

std::string line_of(const Life& life, const Scale& scale, bool with_colour) {
  return right(std::to_string(life.generation), before - 2) + "  " +
         picture_of(life, scale, with_colour) + right(took(life.find(Phase::Serves)), behind / 2) +
         right(took(life.find(Phase::Drains)), behind / 2) + "\n";
}

std::string timeline_of(const std::string& app, const std::vector<Life>& lives, std::size_t width,
                        bool with_colour) {
  Ago oldest = 0;
  for (const Life& life : lives) oldest = std::max(oldest, life.began());
  const Scale scale(std::clamp(width, before + narrowest + behind, widest) - before - behind,
                    oldest);
  std::string text = printable(app) + ": who served when, by the time before now\n" +
                     right("gen", before - 2) + "  " + axis_of(scale, oldest) +
                     right("served", behind / 2) + right("drained", behind / 2) + "\n";
  for (const Life& life : lives) text += line_of(life, scale, with_colour);
  return text;
}

}  // namespace

std::string timeline_of(const control::History& history, std::size_t width, bool with_colour) {
  std::set<std::string> apps;
  for (const auto& reload : history.reloads) apps.insert(reload.app);
  std::string text;
  for (const auto& app : apps) {
    const auto lives = lives_of(history, app);
    if (lives.empty()) continue;
    text += (text.empty() ? "" : "\n") + timeline_of(app, lives, width, with_colour);
  }
  return text.empty() ? text : text + legend;
}

}  // namespace hupd::cli
