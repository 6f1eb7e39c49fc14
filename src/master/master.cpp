#include "master/master.hpp"

#include <algorithm>

#include "log/logger.hpp"
#include "master/running.hpp"
#include "os/journal.hpp"
#include "os/limits.hpp"
#include "os/pid_file.hpp"
#include "os/process.hpp"
#include "os/runtime_dir.hpp"
#include "os/signals.hpp"

namespace hupd::master {

namespace {

log::Level level_of(config::LogLevel level) {
  switch (level) {
    case config::LogLevel::Debug:
      return log::Level::Debug;
    case config::LogLevel::Info:
      return log::Level::Info;
    case config::LogLevel::Warning:
      return log::Level::Warning;
    case config::LogLevel::Error:
      return log::Level::Error;
  }
  return log::Level::Info;
}

os::Result<void> set_up_log(const config::Log& settings) {
  const auto format =
      settings.format == config::LogFormat::Json ? log::Format::Json : log::Format::Text;
  const auto configured = log::process().configure(
      {level_of(settings.level), format, settings.file, os::stderr_is_journal()});
  if (!configured) return os::refused(configured.error());
  return {};
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += (text.empty() ? "" : "; ") + line;
  return text;
}

// What a reload cannot change is said, not ignored in silence.
void warn_of_restart(const config::Settings& now, const config::Settings& running) {
  const auto warn = [](const std::string& text) {
    log::write(log::Level::Warning, {}, text + ": takes a restart of the master");
  };
  if (now.master.pid_file != running.master.pid_file) warn("master.pid_file has changed");
  if (now.master.runtime_dir != running.master.runtime_dir) warn("master.runtime_dir has changed");
  for (const auto& app : now.apps) {
    const auto same = [&](const config::App& other) { return other.name == app.name; };
    if (std::none_of(running.apps.begin(), running.apps.end(), same)) {
      warn("[app." + app.name + "] is new");
    }
  }
}

// A reload takes an app's part of the configuration as it is now; a fault anywhere in it rejects
// the reload of every app, since the file is one whole.
tl::expected<config::App, std::string> read_app(const Configure& configure,
                                                const config::Settings& running,
                                                const std::string& name, config::Log& next_log) {
  auto settings = configure();
  if (!settings) return tl::unexpected("configuration: " + joined(settings.error()));
  next_log = settings->master.log;
  warn_of_restart(*settings, running);
  for (auto& app : settings->apps) {
    if (app.name == name) return std::move(app);
  }
  return tl::unexpected("configuration: [app." + name +
                        "] is no longer there; taking an app away takes a restart of the master");
}

struct Belongings {
  os::PidFile pid_file;
  os::RuntimeDir runtime_dir;
  Listeners listeners;
};

os::Result<Belongings> acquire(const config::Master& settings) {
  Belongings own;
  if (!settings.pid_file.empty()) {
    auto pid_file = os::PidFile::create(settings.pid_file);
    if (!pid_file) return tl::unexpected(pid_file.error());
    own.pid_file = std::move(*pid_file);
  }
  auto runtime_dir = os::RuntimeDir::create(settings.runtime_dir);
  if (!runtime_dir) return tl::unexpected(runtime_dir.error());
  own.runtime_dir = std::move(*runtime_dir);
  if (auto inherited = own.listeners.inherit(); !inherited) {
    return tl::unexpected(inherited.error());
  }
  return own;
}

os::Result<int> serve(const config::Settings& settings, const Configure& configure) {
  os::ignore_broken_pipes();
  if (auto log = set_up_log(settings.master.log); !log) return tl::unexpected(log.error());
  os::raise_descriptor_limit();
  if (auto reaper = os::become_subreaper(); !reaper) return tl::unexpected(reaper.error());
  auto own = acquire(settings.master);
  if (!own) return tl::unexpected(own.error());

  uv_loop_t loop;
  if (const int error = uv_loop_init(&loop); error != 0) {
    return os::refused(std::string("make an event loop: ") + uv_strerror(error));
  }
  auto notifier = os::Notifier::from_environment();
  if (!notifier.fault().empty()) log::write(log::Level::Warning, {}, notifier.fault());
  News news(std::move(notifier));
  config::Log next_log = settings.master.log;  // as last read; in force once a reload is done
  const auto take_over_log = [&next_log] {
    const auto log = set_up_log(next_log);
    if (!log) log::write(log::Level::Error, {}, log.error().text);
  };
  Shared shared{
      &loop,
      own->listeners,
      news,
      own->runtime_dir.path(),
      take_over_log,
      [&](const std::string& name) { return read_app(configure, settings, name, next_log); }};
  int exit_code = exit_done;
  {
    Running running(shared, configure);
    for (const auto& app : settings.apps) {
      if (auto added = running.add_app(app.name); !added) return tl::unexpected(added.error());
    }
    log::write(log::Level::Info, {.pid = os::own_pid()}, "hupd master started");
    exit_code = running.run();
  }
  uv_run(&loop, UV_RUN_NOWAIT);  // close callbacks
  uv_loop_close(&loop);
  log::write(log::Level::Info, {.pid = os::own_pid()}, "stopped");
  return exit_code;
}

}  // namespace

int run(const config::Settings& settings, const Configure& configure) {
  const auto served = serve(settings, configure);
  if (served) return *served;
  log::write(log::Level::Error, {}, served.error().text);
  return exit_usage_or_configuration;
}

}  // namespace hupd::master
