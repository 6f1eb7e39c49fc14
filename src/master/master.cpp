#include "master/master.hpp"

#include <ostream>

#include "log/logger.hpp"
#include "master/keepers.hpp"
#include "master/left_with_keeper.hpp"
#include "master/log_settings.hpp"
#include "master/running.hpp"
#include "os/clock.hpp"
#include "os/limits.hpp"
#include "os/process.hpp"
#include "os/program.hpp"
#include "os/signals.hpp"

namespace hupd::master {

namespace {

// For the last lines to reach a reader that is slow.
constexpr auto longest_farewell = std::chrono::seconds(1);

// For workers that nobody leads any more: they close what they listen on when they begin to drain.
constexpr auto longest_to_leave_address = std::chrono::seconds(5);

constexpr const char* go_on_with_what_was_left = "go on with what the master before has left: ";

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

// `left`: by another master; or what was `found` of others, in words.
os::Result<int> serve(const config::Settings& settings, std::optional<Takeover> left,
                      const std::vector<std::string>& found, const Configure& configure,
                      Upgrade::Program program) {
  os::ignore_broken_pipes();
  auto signals = Signals::create();
  if (!signals) return tl::unexpected(signals.error());
  if (left) {
    set_up_log_anyway(settings.master.log);
  } else if (auto log = set_up_log(settings.master.log); !log) {
    return tl::unexpected(log.error());
  }
  for (const auto& line : found) log::write(log::Level::Warning, {}, line);
  if (auto reaper = os::become_subreaper(); !reaper) return tl::unexpected(reaper.error());
  Vault vault;
  if (left) vault.set_last_key(left->image.last_key);
  Listeners listeners(vault);
  if (!found.empty()) listeners.be_patient_until(os::monotonic_now() + longest_to_leave_address);
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
                [&vault](const config::Settings& read) { take_over(read, vault); }};
  const Keeping keeping{vault};
  vault.set_keeper(make_keeper(shared, program.identity, left));
  int exit_code = exit_done;
  {
    Running running(shared, configure, *own, *signals, std::move(program));
    const auto begun = is_same_process ? running.resume(*left)
                       : left          ? running.revive(*left)
                                       : running.start();
    if (!begun) return tl::unexpected(begun.error());
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

// What another master has left and cannot be gone on with is no fault of the configuration: whoever
// starts this program again is to do so, and finds nothing left then.
int go_on(Takeover left, const Configure& configure, Upgrade::Program program) {
  const auto names = left.descriptors.names();
  const auto settings = left.settings;
  const auto served = serve(settings, std::move(left), {}, configure, std::move(program));
  if (served) return *served;
  log::write(log::Level::Error, {}, served.error().text);
  forget_stored(names);
  return exit_application_failed;
}

int begin(const config::Settings& settings, const std::vector<std::string>& found, int at_failure,
          const Configure& configure, Upgrade::Program program) {
  const auto served = serve(settings, std::nullopt, found, configure, std::move(program));
  if (served) return *served;
  log::write(log::Level::Error, {}, served.error().text);
  return at_failure;
}

}  // namespace

int run(const Configure& configure, const Invocation& invocation, std::ostream& err) {
  const auto finished = [](int exit_code) {
    log::process().finish(longest_farewell);
    return exit_code;
  };
  os::raise_descriptor_limit();  // before anything is opened: much may have been left
  Upgrade::Program program{os::program_file(invocation.arguments.front()), invocation.arguments,
                           invocation.identity};
  auto left = left_by_predecessor();
  if (left && !*left) {
    err << go_on_with_what_was_left << left->error() << '\n';
    return exit_application_failed;
  }
  // A script in its place may have executed another one: the next upgrade asks the script again.
  if (left && !(*left)->image.program.empty()) {
    program.file = (*left)->image.program;
    program.arguments = (*left)->image.arguments;
  }
  if (!left) left = left_in_store();
  if (left && *left) return finished(go_on(std::move(**left), configure, std::move(program)));
  auto settings = configure();
  std::vector<std::string> found;
  if (left) found.push_back(go_on_with_what_was_left + left->error());
  if (!left && !os::Notifier::from_environment().is_there()) {
    auto search =
        search_for_keepers(settings ? settings->master.runtime_dir : "", invocation.identity);
    if (search.taken_by_another) {
      err << *search.taken_by_another << '\n';
      return exit_usage_or_configuration;
    }
    if (search.left) return finished(go_on(std::move(*search.left), configure, std::move(program)));
    found = std::move(search.found);
  }
  if (settings) {
    // Whoever else is there may hold addresses and files that this one wants, until he leaves.
    const int at_failure = found.empty() ? exit_usage_or_configuration : exit_application_failed;
    return finished(begin(*settings, found, at_failure, configure, std::move(program)));
  }
  for (const auto& lines : {found, settings.error()}) {
    for (const auto& line : lines) err << line << '\n';
  }
  return exit_usage_or_configuration;
}

}  // namespace hupd::master
