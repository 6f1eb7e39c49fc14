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

// Nobody keeps anything when this is gone, in whichever way it was left.
struct Keeping {
  Vault& vault;
  ~Keeping() { vault.set_keeper(nullptr); }
};

// `left`: by another master.
os::Result<int> serve(const config::Settings& settings, std::optional<Takeover> left,
                      const Configure& configure, Upgrade::Program program) {
  os::ignore_broken_pipes();
  auto signals = Signals::create();
  if (!signals) return tl::unexpected(signals.error());
  if (auto log = set_up_log(settings.master.log); !log) return tl::unexpected(log.error());
  os::raise_descriptor_limit();
  if (auto reaper = os::become_subreaper(); !reaper) return tl::unexpected(reaper.error());
  const auto stored = left ? left->descriptors.names() : std::vector<std::string>();
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
  const Keeping keeping{vault};
  const bool is_worth_keeping = settings.master.orphan_timeout.count() > 0;
  if (news.notifier().is_there() && is_worth_keeping) {
    vault.set_keeper(std::make_unique<ServiceManagerStore>(&loop, news.notifier(), stored));
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

// What another master has left and cannot be gone on with is no fault of the configuration: whoever
// starts this program again is to do so, and finds nothing left then.
int go_on(Takeover left, const Configure& configure, Upgrade::Program program) {
  const auto names = left.descriptors.names();
  const auto settings = left.settings;
  const auto served = serve(settings, std::move(left), configure, std::move(program));
  if (served) return *served;
  log::write(log::Level::Error, {}, served.error().text);
  forget_stored(names);
  return exit_application_failed;
}

int begin(const config::Settings& settings, int at_failure, const Configure& configure,
          Upgrade::Program program) {
  const auto served = serve(settings, std::nullopt, configure, std::move(program));
  if (served) return *served;
  log::write(log::Level::Error, {}, served.error().text);
  return at_failure;
}

}  // namespace

int run(const Configure& configure, const std::vector<std::string>& arguments, std::ostream& err) {
  const auto finished = [](int exit_code) {
    log::process().finish(longest_farewell);
    return exit_code;
  };
  Upgrade::Program program{os::program_file(arguments.front()), arguments};
  auto left = left_by_predecessor();
  const bool is_upgrade = left.has_value();
  // A script in its place may have executed another one: the next upgrade asks the script again.
  if (is_upgrade && *left && !(*left)->image.program.empty()) {
    program = {(*left)->image.program, (*left)->image.arguments};
  }
  if (!left) left = left_in_store();
  if (left && *left) return finished(go_on(std::move(**left), configure, std::move(program)));
  if (left) err << "go on with what the master before has left: " << left->error() << '\n';
  if (is_upgrade) return exit_application_failed;
  auto settings = configure();
  if (settings) {
    // Workers of the master before find nobody at the other end and drain; until they have, they
    // may hold addresses and files that this one wants.
    const int at_failure = left ? exit_application_failed : exit_usage_or_configuration;
    return finished(begin(*settings, at_failure, configure, std::move(program)));
  }
  for (const auto& line : settings.error()) err << line << '\n';
  return exit_usage_or_configuration;
}

}  // namespace hupd::master
