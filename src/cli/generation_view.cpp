#include "cli/generation_view.hpp"

#include "cli/words.hpp"

namespace hupd::cli {
namespace {

struct Role {
  std::string text;
  Colour colour;
};

Role canary(const control::GenerationStatus& generation, std::uint32_t wanted) {
  return {
      "is a canary (" + std::to_string(count_serving(generation)) + " of " +
          std::to_string(wanted) + " workers) " +
          (generation.canary_left_ms ? "for another " + short_duration(*generation.canary_left_ms)
                                     : "until hupd promote or abort"),
      Colour::Warning};
}

Role serves(const control::GenerationStatus& generation) {
  if (!generation.probation_left_ms) return {"serves", Colour::Good};
  return {"serves on probation, for another " + short_duration(*generation.probation_left_ms),
          Colour::Warning};
}

Role role_of(const control::GenerationStatus& generation, std::uint32_t wanted) {
  if (generation.state == "serving") return serves(generation);
  if (generation.state == "canary") return canary(generation, wanted);
  if (generation.state == "parked") {
    const bool is_loaded = generation.zygote == "ready";
    return {is_loaded ? "is parked, to go back to at once" : "is parked, to go back to by its copy",
            Colour::Plain};
  }
  const bool leaves = generation.state == "retiring" || generation.state == "receding";
  return {"is " + generation.state, leaves ? Colour::Faint : Colour::Warning};
}

std::string make_of(const control::GenerationStatus& generation) {
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (!generation.version.empty()) add("version " + printable(generation.version));
  if (!generation.hash.empty()) add(short_hash(generation.hash));
  if (generation.preload_ms) add("preload " + short_duration(*generation.preload_ms));
  if (generation.zygote_pss_bytes) add("zygote " + short_size(*generation.zygote_pss_bytes));
  return text;
}

}  // namespace

std::size_t count_serving(const control::GenerationStatus& generation) {
  std::size_t count = 0;
  for (const auto& worker : generation.workers) count += worker.state == "serving" ? 1U : 0U;
  return count;
}

std::string lines_of(const control::GenerationStatus& generation, std::uint32_t wanted,
                     const std::string& library, bool with_colour) {
  const Role role = role_of(generation, wanted);
  std::string text = "  generation " + std::to_string(generation.generation) + " " +
                     coloured(role.text, role.colour, with_colour) + ", " +
                     short_duration(generation.age_ms) + " old";
  if (generation.source)
    text += ", the version of " + std::to_string(*generation.source) + " again";
  text += "\n";
  if (const auto make = make_of(generation); !make.empty()) text += "    " + make + "\n";
  const bool is_named = generation.library.empty() || generation.library == library;
  return is_named ? text : text + "    " + printable(generation.library) + "\n";
}

}  // namespace hupd::cli
