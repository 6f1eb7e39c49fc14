// What is told of single workers.
#include "log/logger.hpp"
#include "master/news.hpp"

namespace hupd::master {

void News::worker_lost(const ChildName& name, const core::WorkerLost& lost, const std::string& how,
                       const std::string& with) {
  std::string text = "lost: " + lost.reason;
  if (text.find(how) == std::string::npos) text += ", " + how;
  text += with;
  if (lost.was_relief) text += "; whom it was to relieve serves on";
  if (lost.retry_in.count() == 0) {
    text += lost.was_relief ? "; next attempt at once" : "; replaced at once";
  } else {
    text += "; next attempt in " + std::to_string(lost.retry_in.count()) + " ms";
  }
  if (lost.degraded) text += "; degraded: it keeps failing";
  log::write(lost.degraded ? log::Level::Error : log::Level::Warning, name.subject(), text);
}

}  // namespace hupd::master
