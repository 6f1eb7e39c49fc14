// News of what a version has proved, after its reload.
#include "log/logger.hpp"
#include "master/news.hpp"

namespace hupd::master {

void News::reload_unneeded(const std::string& app, core::GenerationId id) {
  reloading_.erase(app);
  chronicle_.unchanged(app, id);
  log::write(log::Level::Info, {.app = app, .gen = id}, "nothing has changed: what serves goes on");
  ready(serving_[app]);
}

void News::probation_began(const std::string& app, const core::ProbationBegan& began) {
  const std::string text = "on probation for " + std::to_string(began.time.count()) + " ms";
  chronicle_.probation_began(app, began.generation, text);
  log::write(log::Level::Info, {.app = app, .gen = began.generation}, text);
  notifier_.send("STATUS=" + serving_[app] + "; " + text);
}

void News::probation_passed(const std::string& app, core::GenerationId id) {
  chronicle_.probation_passed(app, id);
  log::write(log::Level::Info, {.app = app, .gen = id}, "probation passed");
  notifier_.send("STATUS=" + serving_[app]);
}

void News::probation_failed(const std::string& app, const core::ProbationFailed& failed) {
  chronicle_.probation_failed(app, failed.generation, failed.reason);
  log::write(log::Level::Error, {.app = app, .gen = failed.generation},
             "probation failed: " + failed.reason);
}

}  // namespace hupd::master
