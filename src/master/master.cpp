#include "master/master.hpp"

#include <ostream>

#include "log/logger.hpp"
#include "master/running.hpp"
#include "master/service_manager_store.hpp"
#include "os/journal.hpp"
#include "os/limits.hpp"
#include "os/process.hpp"
#include "os/program.hpp"
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

struct Beginning {
  config::Settings settings;
  std::optional<Takeover> left;  // by another master
};

os::Result<int> serve(Beginning beginning, const Configure& configure, Upgrade::Program program) {
  auto& [settings, left] = beginning;
  os::ignore_broken_pipes();
  auto signals = Signals::create();
  if (!signals) return tl::unexpected(signals.error());
  if (auto log = set_up_log(settings.master.log); !log) return tl::unexpected(log.error());
  os::raise_descriptor_limit();
  if (auto reaper = os::become_subreaper(); !reaper) return tl::unexpected(reaper.error());
  Vault vault;
  if (left) vault.set_last_key(left->image.last_key);
  Listeners listeners(vault);
  const bool is_same_process = left && !left->is_after_death;
  if (!is_same_process) {
    if (auto inherited = listeners.inherit(); !inherited) {
      return tl::unexpected(inherited.error());
    }
  }
  auto own = left ? Belongings::take_up(*left) : Belongings::acquire(settings.master);
  if (!own) return tl::unexpected(own.error());

  uv_loop_t loop;
  if (const int error = uv_loop_init(&loop); error != 0) {
    return os::refused(std::string("make an event loop: ") + uv_strerror(error));
  }
  auto notifier = os::Notifier::from_environment();
  if (!notifier.fault().empty()) log::write(log::Level::Warning, {}, notifier.fault());
  News news(std::move(notifier));
  Shared shared{&loop,
                vault,
                listeners,
                news,
                own->runtime_dir,
                std::make_shared<const config::Settings>(settings),
                take_over};
  const bool is_worth_keeping = settings.master.orphan_timeout.count() > 0;
  if (news.notifier().is_there() && is_worth_keeping) {
    vault.set_keeper(std::make_unique<ServiceManagerStore>(&loop, news.notifier()));
  }
  int exit_code = exit_done;
  {
    Running running(shared, configure, *own, *signals, std::move(program));
    const auto begun = is_same_process ? running.resume(*left)
                       : left          ? running.revive(*left)
                                       : running.start();
    if (!begun) return tl::unexpected(begun.error());
    if (left && left->is_after_death) vault.forget(left->descriptors);
    left.reset();
    exit_code = running.run();
  }
  vault.set_keeper(nullptr);
  uv_run(&loop, UV_RUN_NOWAIT);  // close callbacks
  uv_loop_close(&loop);
  log::write(log::Level::Info, {.pid = os::own_pid()}, "stopped");
  return exit_code;
}

int run(Beginning beginning, const Configure& configure, Upgrade::Program program) {
  const auto served = serve(std::move(beginning), configure, std::move(program));
  if (!served) log::write(log::Level::Error, {}, served.error().text);
  log::process().finish(longest_farewell);
  return served.value_or(exit_usage_or_configuration);
}

}  // namespace

int run(const Configure& configure, const std::vector<std::string>& arguments, std::ostream& err) {
  Upgrade::Program program{os::program_file(arguments.front()), arguments};
  auto left = left_by_predecessor();
  const bool is_upgrade = left.has_value();
  if (!left) left = left_in_store();
  if (left) {
    auto settings = left->and_then([](const auto& found) { return settings_of(found.image); });
    if (settings) {
      return run({std::move(*settings), std::move(**left)}, configure, std::move(program));
    }
    err << "go on with what the master before has left: " << settings.error() << '\n';
    if (is_upgrade) return exit_usage_or_configuration;
    left.reset();  // its workers find nobody at the other end, and drain
  }
  auto settings = configure();
  if (settings) return run({std::move(*settings), {}}, configure, std::move(program));
  for (const auto& line : settings.error()) err << line << '\n';
  return exit_usage_or_configuration;
}

}  // namespace hupd::master
