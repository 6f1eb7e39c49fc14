#include "master/news.hpp"

#include <algorithm>

#include "log/logger.hpp"
#include "os/clock.hpp"

namespace hupd::master {

namespace {

constexpr std::size_t hash_digits_shown = 12;

std::string describe(const Generation& g) {
  std::string text = std::to_string(g.app.workers) + (g.app.workers == 1 ? " worker" : " workers");
  if (!g.version.empty()) text += ", version " + g.version;
  return text + ", library " + g.app.library + " " + g.hash.substr(0, hash_digits_shown);
}

// A line of a notification: what comes behind a newline would be another assignment.
std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::string listed(const std::vector<std::string>& texts) {
  std::string list;
  for (const auto& text : texts) list += (list.empty() ? "" : ", ") + text;
  return list;
}

log::Subject subject(const std::string& app, core::GenerationId id) {
  return {.app = app, .gen = id};
}

}  // namespace

void News::expect(const std::vector<std::string>& apps) {
  expected_.insert(apps.begin(), apps.end());
}

void News::reload_requested(const std::vector<std::string>& apps) {
  awaited_.insert(apps.begin(), apps.end());
  chronicle_.requested(apps);
  tell_reloading(listed(apps));
}

void News::reload_refused(const std::string& reason, const std::vector<std::string>& apps) {
  chronicle_.refused(apps, reason);
  tell_reloading("the configuration");
  log::write(log::Level::Error, {}, "reload rejected: " + reason);
  ready(all_serving() + "; last reload rejected: " + reason);
}

void News::reload_held_back(const std::string& app, const core::ReloadHeldBack& held) {
  const std::string text =
      "reload waits: as many old generations drain as may (max_draining); "
      "the first to run out of time is generation " +
      std::to_string(held.draining) + ", in " + std::to_string(held.left.count()) + " ms";
  log::write(log::Level::Warning, {.app = app}, text);
  chronicle_.held_back(app, text);
  notifier_.send("STATUS=" + app + ": " + text);
}

void News::reload_started(const std::string& app, const core::ReloadStarted& started) {
  const auto [id, source, by_itself] = started;
  awaited_.erase(app);
  reloading_[app] = os::monotonic_now();
  chronicle_.started(app, id, !serving_.contains(app), source, by_itself);
  const std::string what =
      source == 0 ? "reload started"
                  : "going back to the version of generation " + std::to_string(source);
  log::write(log::Level::Info, subject(app, id), serving_.contains(app) ? what : "starting");
  if (!told_reloading_) tell_reloading(app);  // it was asked for before the service was ready
}

// With Type=notify-reload systemd waits for a READY=1 that is younger than this time stamp.
void News::tell_reloading(const std::string& what) {
  if (!was_ready_ || stopping_) return;
  told_reloading_ = true;
  notifier_.send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(os::monotonic_us()) +
                 "\nSTATUS=reloading " + what);
}

void News::canary_serves(const std::string& app, const core::CanaryServes& canary) {
  const bool for_ever = canary.hold == core::hold_for_ever;
  const std::string text = "canary: " + std::to_string(canary.workers) +
                           (canary.workers == 1 ? " worker serves" : " workers serve") +
                           " beside the old generation, " +
                           (for_ever ? "until it is promoted or aborted"
                                     : "for " + std::to_string(canary.hold.count()) + " ms");
  log::write(log::Level::Info, subject(app, canary.generation), text);
  chronicle_.canary_serves(app, canary, text);
  notifier_.send("STATUS=" + app + " generation " + std::to_string(canary.generation) + ": " +
                 text);
}

void News::reload_done(const Generation& g) {
  chronicle_.done(g);
  const auto took = os::monotonic_now() - reloading_[g.app.name];
  reloading_.erase(g.app.name);
  expected_.erase(g.app.name);
  const bool first = !serving_.contains(g.app.name);
  const std::string text = describe(g);
  serving_[g.app.name] = g.app.name + " generation " + std::to_string(g.id) + ": " + text;
  log::write(
      log::Level::Info, subject(g.app.name, g.id),
      (first ? "started in " : "reload done in ") + std::to_string(took.count()) + " ms: " + text);
  ready(serving_[g.app.name]);
}

void News::reload_rejected(const std::string& app, core::GenerationId id, const std::string& why,
                           const std::vector<std::string>& output) {
  reloading_.erase(app);
  chronicle_.rejected(app, id, why, output);
  const std::string reason =
      output.empty() ? why : why + "; its last output: " + in_one_line(output);
  const bool first = !serving_.contains(app);
  const bool is_tried_again = first && !expected_.contains(app);  // it came with a reload
  log::write(log::Level::Error, subject(app, id),
             (first ? "start failed: " : "reload rejected: ") + reason +
                 (is_tried_again ? "; the next reload tries again" : ""));
  if (first) return ready("start of " + app + " failed: " + reason);
  ready(serving_[app] + "; last reload rejected: " + reason);
}

void News::app_gone(const std::string& app) {
  chronicle_.gone(app);
  expected_.erase(app);
  awaited_.erase(app);
  reloading_.erase(app);
  serving_.erase(app);
  if (told_reloading_ || !was_ready_) ready(all_serving());
}

void News::ready(const std::string& status) {
  if (stopping_) return;
  // An expected app that failed to start stays expected: the service ends. One that a reload added
  // is only a reload's failure.
  const bool over = !was_ready_ || (awaited_.empty() && reloading_.empty());
  const bool all = expected_.empty() && over;
  if (all) {
    was_ready_ = true;
    told_reloading_ = false;
  }
  notifier_.send((all ? "READY=1\nSTATUS=" : "STATUS=") + one_line(status));
}

std::string News::all_serving() const {
  std::vector<std::string> texts;
  for (const auto& [app, text] : serving_) texts.push_back(text);
  return texts.empty() ? "no app serves" : listed(texts);
}

void News::stopping() {
  if (stopping_) return;
  stopping_ = true;
  notifier_.send("STOPPING=1\nSTATUS=stopping");
}

}  // namespace hupd::master
