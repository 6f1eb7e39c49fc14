#include "master/master.hpp"

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

// For the last lines to reach a reader that is slow.
constexpr auto longest_farewell = std::chrono::seconds(1);

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

// What a reload takes over for the master itself.
void take_over(const config::Settings& settings) {
  const auto log = set_up_log(settings.master.log);
  if (!log) log::write(log::Level::Error, {}, log.error().text);
}

struct Belongings {
  os::PidFile pid_file;
  os::RuntimeDir runtime_dir;
  Listeners listeners;
  ControlSocket control;
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
  auto control = ControlSocket::open(settings.control);
  if (!control) return tl::unexpected(control.error());
  own.control = std::move(*control);
  return own;
}

os::Result<int> serve(const config::Settings& settings, const Configure& configure) {
  os::ignore_broken_pipes();
  auto signals = Signals::create();
  if (!signals) return tl::unexpected(signals.error());
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
  Shared shared{&loop,
                own->listeners,
                news,
                own->runtime_dir,
                std::make_shared<const config::Settings>(settings),
                take_over};
  int exit_code = exit_done;
  {
    Running running(shared, configure, own->control, *signals);
    const auto ran = running.run();
    if (!ran) return tl::unexpected(ran.error());
    exit_code = *ran;
  }
  uv_run(&loop, UV_RUN_NOWAIT);  // close callbacks
  uv_loop_close(&loop);
  log::write(log::Level::Info, {.pid = os::own_pid()}, "stopped");
  return exit_code;
}

}  // namespace

int run(const config::Settings& settings, const Configure& configure) {
  const auto served = serve(settings, configure);
  if (!served) log::write(log::Level::Error, {}, served.error().text);
  log::process().finish(longest_farewell);
  return served.value_or(exit_usage_or_configuration);
}

}  // namespace hupd::master
