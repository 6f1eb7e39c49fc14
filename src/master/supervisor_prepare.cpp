// What a generation is made from: what is deployed, or what was kept.
#include <algorithm>
#include <utility>

#include "log/logger.hpp"
#include "master/supervisor.hpp"
#include "os/privileges.hpp"

namespace hupd::master {

void Supervisor::reload(ReloadOptions options) {
  if (!wanted_) {
    wanted_ = options;
  } else {
    wanted_->force |= options.force;
    wanted_->only_changed &= options.only_changed;
  }
  post(core::ReloadRequested{});
}

void Supervisor::condemn(Condemned failed) {
  constexpr std::size_t most_remembered = 100;
  if (condemned_.size() == most_remembered) condemned_.erase(condemned_.begin());
  condemned_.push_back(std::move(failed));
}

// A library that failed with these settings; and with nothing else changed, the one that serves.
Expectation Supervisor::expectation_of(const config::App& app, ReloadOptions options) {
  Expectation expected;
  if (options.force) {
    std::erase_if(condemned_, [&](const auto& one) { return one.plan == app.plan; });
  }
  for (const auto& one : condemned_) {
    if (one.plan == app.plan) expected.failed[one.hash] = one.reason;
  }
  const auto* serving = processes_.find(served_);
  expected.is_done_then = options.only_changed;
  if (serving != nullptr && serving->app == app) {
    expected.serving = serving->hash;
  }
  return expected;
}

os::Result<Generation> Supervisor::prepare_deployed(core::GenerationId id) {
  const auto options = std::exchange(wanted_, std::nullopt).value_or(ReloadOptions{});
  const auto& apps = shared_.settings->apps;
  const auto app =
      std::find_if(apps.begin(), apps.end(), [this](const auto& a) { return a.name == name_; });
  if (app == apps.end()) return os::refused("configuration: [app." + name_ + "] is not there");
  const auto identity = os::find_identity(app->user, app->group, app->groups);
  if (!identity) return tl::unexpected(identity.error());
  if (auto may = os::may_become(*identity); !may) return tl::unexpected(may.error());
  if (app->reload.probation.time.count() > 0 && app->rollback.keep == 0) {
    log::write(log::Level::Warning, {.app = name_, .gen = id},
               "there is no probation: with rollback.keep = 0 there is nothing to go back to");
  }
  auto listeners = shared_.listeners.obtain(*app);
  if (!listeners) return tl::unexpected(listeners.error());
  const auto runtime_dir = shared_.runtime_dir.ensured();
  if (!runtime_dir) return tl::unexpected(runtime_dir.error());
  auto directory = CopyDirectory::create(*runtime_dir + "/" + name_ + "-" + std::to_string(id));
  if (!directory) return tl::unexpected(directory.error());
  Generation made;
  made.id = id;
  made.app = *app;
  made.settings = shared_.settings;
  made.listeners = std::move(*listeners);
  made.directory = std::move(*directory);
  made.expected = expectation_of(made.app, options);
  return made;
}

os::Result<Generation> Supervisor::prepare_kept(core::GenerationId id, core::GenerationId source) {
  const auto* kept = processes_.find(source);
  if (kept == nullptr) return os::refused("generation " + std::to_string(source) + " is gone");
  auto listeners = shared_.listeners.obtain(kept->app);
  if (!listeners) return tl::unexpected(listeners.error());
  Generation made;
  made.id = id;
  made.source = source;
  made.app = kept->app;
  made.settings = shared_.settings;
  made.listeners = std::move(*listeners);
  made.directory = kept->directory;
  made.copy = kept->copy;
  made.hash = kept->hash;
  made.version = kept->version;
  return made;
}

}  // namespace hupd::master
