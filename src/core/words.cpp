#include "core/words.hpp"

namespace hupd::core {
namespace {

std::string in_words(Duration duration) {
  const auto ms = duration.count();
  return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

}  // namespace

std::string not_ready_after(Duration boot_timeout) {
  return "not ready after " + in_words(boot_timeout) + " (boot_timeout)";
}

std::string why_lost(const Worker& worker, const Exit& exit) {
  if (!worker.reason.empty()) return worker.reason;
  const std::string ended = "ended with " + exit.described;
  return worker.serving_since == never ? ended + " before it was ready" : ended;
}

std::string why_rejected(const Worker& worker, const std::string& why) {
  const std::string name = "worker " + std::to_string(worker.slot);
  return worker.reason.empty() ? name + " " + why : name + ": " + why;
}

}  // namespace hupd::core
