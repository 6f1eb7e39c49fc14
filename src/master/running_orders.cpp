// What the master does when it is told to: by a signal, or by a control client.
#include <algorithm>

#include "log/logger.hpp"
#include "master/running.hpp"
#include "os/clock.hpp"
#include "os/process.hpp"

namespace hupd::master {

namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += (text.empty() ? "" : "; ") + line;
  return text;
}

// What a reload cannot change is said, not ignored in silence.
void warn_of_restart(const config::Master& now, const config::Master& running) {
  const auto warn = [](const std::string& text) {
    log::write(log::Level::Warning, {}, text + " has changed: takes a restart of the master");
  };
  if (now.control != running.control) warn("master.control");
  if (now.pid_file != running.pid_file) warn("master.pid_file");
  if (now.runtime_dir != running.runtime_dir) warn("master.runtime_dir");
}

// `app` as `from` has it; false: it has none.
bool take_app(config::Settings& settings, const config::Settings& from, const std::string& app) {
  const auto named = [&app](const config::App& one) { return one.name == app; };
  const auto young = std::find_if(from.apps.begin(), from.apps.end(), named);
  if (young == from.apps.end()) return false;
  const auto old = std::find_if(settings.apps.begin(), settings.apps.end(), named);
  if (old == settings.apps.end()) {
    settings.apps.push_back(*young);
  } else {
    *old = *young;
  }
  return true;
}

tl::unexpected<control::Error> impossible(std::string why) {
  return tl::unexpected(control::Error{control::Problem::Impossible, std::move(why)});
}

}  // namespace

// The file is read once, for all apps: they see the same, and a fault in it is one fault. A reload
// of some apps takes their parts of it; the master's own and apps that come or go are a full one's.
tl::expected<void, std::string> Running::read_settings(const Orders::Apps& only) {
  auto read = configure_();
  if (!read) return tl::unexpected("configuration: " + joined(read.error()));
  if (only.empty()) {
    if (auto served = exporter_.configure(read->metrics); !served) {
      return tl::unexpected("metrics: " + served.error().text);
    }
    warn_of_restart(read->master, started_with_);
    shared_.settings = std::make_shared<const config::Settings>(std::move(*read));
    return {};
  }
  config::Settings settings = *shared_.settings;
  for (const auto& app : only) {
    if (take_app(settings, *read, app)) continue;
    return tl::unexpected("configuration: [app." + app +
                          "] is no longer there; a reload of all apps takes it away");
  }
  shared_.settings = std::make_shared<const config::Settings>(std::move(settings));
  return {};
}

tl::expected<Orders::Reloading, control::Error> Running::reload(const Orders::Apps& only,
                                                                ReloadOptions options) {
  if (shared_.news.is_stopping()) {
    return tl::unexpected(control::Error{control::Problem::Stopping, "the master is stopping"});
  }
  if (const auto read = read_settings(only); !read) {
    shared_.news.reload_refused(read.error(), only);
    return Orders::Reloading{{}, read.error()};
  }
  return Orders::Reloading{only.empty() ? apps_.reload(options) : apps_.reload(only, options), {}};
}

void Running::reload() { static_cast<void>(reload(Orders::Apps{}, {})); }

control::Status Running::status() {
  control::Status status;
  status.hupd = HUPD_VERSION;
  status.pid = static_cast<std::uint32_t>(os::own_pid());
  status.age_ms = static_cast<std::uint64_t>((os::monotonic_now() - started_at_).count());
  status.started = started_;
  status.refused = shared_.news.chronicle().refused();
  status.past = past_;
  if (const auto* keeper = shared_.vault.keeper()) status.keeping = keeper->told();
  status.stopping = shared_.news.is_stopping();
  status.apps = apps_.status();
  return status;
}

tl::expected<void, control::Error> Running::scale(const std::string& app, std::uint32_t workers) {
  if (!apps_.is_serving(app)) {
    return tl::unexpected(
        control::Error{control::Problem::Request, app + " has not started yet: nothing to scale"});
  }
  apps_.post(app, core::ScaleTo{workers});
  return {};
}

Orders::Answer Running::roll_back(const std::string& app, core::GenerationId to) {
  const auto way = apps_.find_app(app)->roll_back(to);
  if (!way) return impossible(way.error());
  return control::Ticket{app, *way};
}

Orders::Answer Running::promote(const std::string& app) {
  auto& one = *apps_.find_app(app);
  one.settle();
  if (!one.has_canary()) return impossible(app + " has no canary that could be promoted");
  const control::Ticket ticket{app, one.in_flight()};
  one.post(core::PromoteRequested{});
  one.settle();
  return ticket;
}

Orders::Answer Running::abort(const std::string& app) {
  auto& one = *apps_.find_app(app);
  one.settle();
  if (one.in_flight() == 0 || one.serves() == nullptr) {
    return impossible(app + " has no reload in flight that could be aborted");
  }
  const control::Ticket ticket{app, one.in_flight()};
  one.post(core::AbortRequested{});
  one.settle();
  return ticket;
}

Orders Running::orders() {
  Orders orders;
  orders.reload = [this](const Orders::Apps& only, ReloadOptions options) {
    return reload(only, options);
  };
  orders.roll_back = [this](const std::string& app, core::GenerationId to) {
    return roll_back(app, to);
  };
  orders.promote = [this](const std::string& app) { return promote(app); };
  orders.abort = [this](const std::string& app) { return abort(app); };
  orders.scale = [this](const std::string& app, std::uint32_t workers) {
    return scale(app, workers);
  };
  orders.stop = [this](bool quick) {
    stop(quick ? core::StopMode::Quick : core::StopMode::Graceful);
  };
  orders.upgrade = [this] { return upgrade(); };
  orders.reopen_logs = [this] { reopen_logs(); };
  orders.status = [this] { return status(); };
  orders.apps = [this] { return apps_.names(); };
  orders.is_reloading = [this](const std::string& app) { return apps_.is_reloading(app); };
  return orders;
}

}  // namespace hupd::master
