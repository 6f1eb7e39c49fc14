#include "cli/status_view.hpp"

#include "cli/generation_view.hpp"
#include "cli/trouble_view.hpp"
#include "cli/words.hpp"

namespace hupd::cli {
namespace {

std::string head_of(const control::AppStatus& app, bool with_colour) {
  std::size_t serving = 0, unwell = 0;
  for (const auto& generation : app.generations) {
    if (generation.generation != app.serving) continue;
    serving = count_serving(generation);
    for (const auto& worker : generation.workers) unwell += worker.unwell ? 1U : 0U;
  }
  const bool is_whole =
      app.serving != 0 && app.workers != 0 && serving >= app.workers && unwell == 0;
  std::string text = app.app + ": ";
  if (app.state != "running") text += app.state + ", ";
  const std::string whole =
      app.serving == 0
          ? "serves nothing"
          : "generation " + std::to_string(app.serving) + ", " + std::to_string(serving) + " of " +
                std::to_string(app.workers) + " workers serve" +
                (unwell == 0 ? "" : ", " + std::to_string(unwell) + " of them unwell");
  text += coloured(whole, is_whole ? Colour::Good : Colour::Bad, with_colour);
  for (const auto& listener : app.listeners) {
    text += (&listener == app.listeners.data() ? " on " : ", ") + printable(listener);
  }
  return text + (app.reload_waits ? ", a reload waits\n" : "\n");
}

Colour colour_of(const control::WorkerStatus& worker) {
  if (worker.unwell) return Colour::Bad;
  if (worker.state == "serving") return Colour::Good;
  return worker.state == "draining" ? Colour::Faint : Colour::Warning;
}

std::string row_of(const control::WorkerStatus& worker, std::uint64_t generation,
                   bool with_colour) {
  const auto memory = worker.pss_bytes ? worker.pss_bytes : worker.rss_bytes;
  const bool is_unwell = worker.unwell && worker.state == "serving";
  return right(std::to_string(generation), 5) + right(std::to_string(worker.slot), 5) +
         right(std::to_string(worker.pid), 9) + "  " +
         coloured(left(is_unwell ? "unwell" : worker.state, 9), colour_of(worker), with_colour) +
         right(std::to_string(worker.connections), 6) +
         right(std::to_string(worker.counts.requests), 11) +
         right(memory ? short_size(*memory) + (worker.pss_bytes ? "" : "*") : "-", 11) +
         right(worker.cpu_ms ? short_duration(*worker.cpu_ms) : "-", 8) +
         right(worker.age_ms ? short_duration(*worker.age_ms) : "-", 8) +
         right(std::to_string(worker.restarts), 4) + "\n";
}

// Those that serve first: they are what one looks for.
std::string rows_of(const control::AppStatus& app, bool with_colour) {
  std::string text;
  for (auto one = app.generations.rbegin(); one != app.generations.rend(); ++one) {
    for (const auto& worker : one->workers) text += row_of(worker, one->generation, with_colour);
  }
  if (text.empty()) return text;
  return coloured("  gen slot      pid  state     conns   requests        pss     cpu      up lost",
                  Colour::Faint, with_colour) +
         "\n" + text;
}

std::string table_of(const control::AppStatus& app, bool with_colour) {
  std::string text =
      head_of(app, with_colour) + troubles_of(app, with_colour) + last_reload_of(app);
  std::string library;
  for (auto one = app.generations.rbegin(); one != app.generations.rend(); ++one) {
    text += lines_of(*one, app.workers, library, with_colour);
    if (!one->library.empty()) library = one->library;
  }
  return text + rows_of(app, with_colour);
}

std::string past_of(const control::Past& past) {
  if (!past.revived) return {};
  return "started again at " + printable(*past.revived) + " after the master's death" +
         (past.deaths > 1 ? " (" + std::to_string(past.deaths) + " so far)" : "") + "\n";
}

// What comes of it if this master dies.
std::string keeping_of(const control::Keeping& keeping, bool with_colour) {
  if (keeping.keeper == control::Keeper::Nobody) return "workers end with this master\n";
  const bool is_own = keeping.keeper == control::Keeper::Process;
  const std::string who = is_own ? "its keeper" : "the service manager";
  if (keeping.missing == 0) {
    return std::string("workers survive this master: ") + (is_own ? "" : "handed to ") + who +
           (is_own ? " has what they need\n" : "\n");
  }
  return coloured("workers may end with this master: " + who + " misses " +
                      std::to_string(keeping.missing) + " descriptors",
                  Colour::Warning, with_colour) +
         "\n";
}

}  // namespace

std::string table_of(const control::Status& status, bool with_colour) {
  std::string text = "hupd " + printable(status.hupd) + ", pid " + std::to_string(status.pid) +
                     ", up " + short_duration(status.age_ms) +
                     (status.stopping ? ", stopping" : "") + "\n" + past_of(status.past) +
                     keeping_of(status.keeping, with_colour);
  for (const auto& app : status.apps) text += "\n" + table_of(app, with_colour);
  return text;
}

}  // namespace hupd::cli
