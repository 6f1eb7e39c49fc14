#include "cli/status_view.hpp"

#include "cli/reload_view.hpp"
#include "cli/words.hpp"

namespace hupd::cli {
namespace {

std::size_t count_serving(const control::GenerationStatus& generation) {
  std::size_t count = 0;
  for (const auto& worker : generation.workers) count += worker.state == "serving" ? 1U : 0U;
  return count;
}

std::string head_of(const control::AppStatus& app, bool with_colour) {
  std::size_t serving = 0;
  for (const auto& generation : app.generations) {
    if (generation.generation == app.serving) serving = count_serving(generation);
  }
  const bool is_whole = app.serving != 0 && serving >= app.workers;
  std::string text = app.app + ": ";
  if (app.state != "running") text += app.state + ", ";
  const std::string whole = app.serving == 0 ? "serves nothing"
                                             : "generation " + std::to_string(app.serving) + ", " +
                                                   std::to_string(serving) + " of " +
                                                   std::to_string(app.workers) + " workers serve";
  text += coloured(whole, is_whole ? Colour::Good : Colour::Bad, with_colour);
  for (const auto& listener : app.listeners) {
    text += (&listener == app.listeners.data() ? " on " : ", ") + printable(listener);
  }
  return text + (app.reload_waits ? ", a reload waits\n" : "\n");
}

std::string row_of(const control::WorkerStatus& worker, std::uint64_t generation,
                   bool with_colour) {
  const auto memory = worker.pss_bytes ? worker.pss_bytes : worker.rss_bytes;
  const Colour colour = worker.state == "serving"    ? Colour::Good
                        : worker.state == "draining" ? Colour::Faint
                                                     : Colour::Warning;
  return right(std::to_string(generation), 5) + right(std::to_string(worker.slot), 5) +
         right(std::to_string(worker.pid), 9) + "  " +
         coloured(left(worker.state, 9), colour, with_colour) +
         right(std::to_string(worker.connections), 6) +
         right(std::to_string(worker.counts.requests), 11) +
         right(memory ? short_size(*memory) + (worker.pss_bytes ? "" : "*") : "-", 11) +
         right(worker.cpu_ms ? short_duration(*worker.cpu_ms) : "-", 8) +
         right(worker.age_ms ? short_duration(*worker.age_ms) : "-", 8) +
         right(std::to_string(worker.restarts), 4) + "\n";
}

std::string line_of(const control::GenerationStatus& generation) {
  std::string text = "  generation " + std::to_string(generation.generation) + " " +
                     generation.state + ", " + short_duration(generation.age_ms) + " old";
  if (!generation.version.empty()) text += ", version " + printable(generation.version);
  if (!generation.hash.empty()) text += ", " + short_hash(generation.hash);
  if (generation.preload_ms) text += ", preload " + short_duration(*generation.preload_ms);
  if (!generation.library.empty()) text += "\n    " + printable(generation.library);
  return text + "\n";
}

std::string backoff_of(const control::BackoffStatus& slot, bool with_colour) {
  const std::string text =
      "  slot " + std::to_string(slot.slot) + (slot.degraded ? " is degraded" : "") + ": failed " +
      std::to_string(slot.failures) + " times in a row" +
      (slot.retry_in_ms > 0 ? ", next try in " + short_duration(slot.retry_in_ms) : "") + "\n";
  return coloured(text, slot.degraded ? Colour::Bad : Colour::Warning, with_colour);
}

std::string table_of(const control::AppStatus& app, bool with_colour) {
  std::string text = head_of(app, with_colour);
  for (const auto& generation : app.generations) text += line_of(generation);
  if (app.last_reload) {
    const std::string outcome = outcome_of(*app.last_reload);
    text += (app.last_reload->is_start ? "  start: " : "  last reload: ") +
            outcome.substr(0, outcome.find('\n') + 1);
  }
  for (const auto& generation : app.generations) {
    for (const auto& slot : generation.backoff) text += backoff_of(slot, with_colour);
  }
  text += "  gen slot      pid  state     conns   requests        pss     cpu      up lost\n";
  for (auto one = app.generations.rbegin(); one != app.generations.rend(); ++one) {
    for (const auto& worker : one->workers) text += row_of(worker, one->generation, with_colour);
  }
  return text;
}

}  // namespace

std::string table_of(const control::Status& status, bool with_colour) {
  std::string text = "hupd " + printable(status.hupd) + ", pid " + std::to_string(status.pid) +
                     ", up " + short_duration(status.age_ms) +
                     (status.stopping ? ", stopping" : "") + "\n";
  for (const auto& app : status.apps) text += "\n" + table_of(app, with_colour);
  return text;
}

}  // namespace hupd::cli
