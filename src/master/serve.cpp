#include "master/serve.hpp"

#include <chrono>
#include <cstdlib>
#include <utility>

#include "log/logger.hpp"
#include "master/keepers.hpp"
#include "master/log_settings.hpp"
#include "master/running.hpp"
#include "os/clock.hpp"
#include "os/limits.hpp"
#include "os/process.hpp"
#include "os/signals.hpp"

namespace hupd::master {

namespace {

// For workers that nobody leads any more: they close what they listen on when they begin to drain.
constexpr auto longest_to_leave_address = std::chrono::seconds(5);

// What a reload takes over for the master itself.
void take_over(const config::Settings& settings, const Vault& vault) {
  const auto log = set_up_log(settings.master.log);
  if (!log) log::write(log::Level::Error, {}, log.error().text);
  if (vault.has_keeper()) vault.keeper()->waits_for(settings.master.orphan_timeout);
}

// Nobody keeps anything when this is gone, in whichever way it was left.
struct Keeping {
  Vault& vault;
  ~Keeping() { vault.set_keeper(nullptr); }
};

// The next start goes on with all of it, as after a death: nothing is given up, workers serve
// meanwhile. No destructor may run, since each would tell the keeper that what it has is not
// needed.
[[noreturn]] void leave_to_the_next(const std::string& why) {
  log::write(log::Level::Error, {},
             "go on with what the master before has left: " + why +
                 "; to be tried again by the next start, workers serve meanwhile");
  log::process().finish(longest_farewell);
  std::_Exit(exit_application_failed);
}

}  // namespace

os::Result<int> serve(const config::Settings& settings, std::optional<Takeover> left,
                      const std::vector<std::string>& found, const Configure& configure,
                      Upgrade::Program program) {
  const bool is_takeover = left.has_value();
  const auto failed = [&](os::Error error) {
    if (is_takeover && os::is_shortage(error)) leave_to_the_next(error.text);
    return tl::unexpected(std::move(error));
  };
  os::ignore_broken_pipes();
  auto signals = Signals::create();
  if (!signals) return failed(signals.error());
  if (left) {
    set_up_log_anyway(settings.master.log);
  } else if (auto log = set_up_log(settings.master.log); !log) {
    return failed(log.error());
  }
  for (const auto& line : found) log::write(log::Level::Warning, {}, line);
  if (auto reaper = os::become_subreaper(); !reaper) return failed(reaper.error());
  Vault vault;
  if (left) vault.set_last_key(left->image.last_key);
  Listeners listeners(vault);
  if (!found.empty()) listeners.be_patient_until(os::monotonic_now() + longest_to_leave_address);
  const bool is_same_process = left && !left->is_after_death;
  if (!is_same_process) {
    if (auto inherited = listeners.inherit(); !inherited) return failed(inherited.error());
  }
  auto own = left ? Belongings::take_up(*left) : Belongings::acquire(settings.master);
  if (!own) return failed(own.error());

  uv_loop_t loop;
  if (const int error = uv_loop_init(&loop); error != 0) {
    return failed({-error, std::string("make an event loop: ") + uv_strerror(error)});
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
                [&vault](const config::Settings& read) { take_over(read, vault); }};
  const Keeping keeping{vault};
  vault.set_keeper(make_keeper(shared, program.identity, left));
  int exit_code = exit_done;
  {
    Running running(shared, configure, *own, *signals, std::move(program));
    const auto begun = is_same_process ? running.resume(*left)
                       : left          ? running.revive(*left)
                                       : running.start();
    if (!begun) return failed(begun.error());
    if (left && left->is_after_death) vault.forget(left->descriptors);
    own->keep(vault);
    if (vault.has_keeper()) vault.keeper()->has_all();
    left.reset();
    exit_code = running.run();
  }
  vault.set_keeper(nullptr);
  uv_run(&loop, UV_RUN_NOWAIT);  // close callbacks
  uv_loop_close(&loop);
  log::write(log::Level::Info, {.pid = os::own_pid()}, "stopped");
  return exit_code;
}

}  // namespace hupd::master
