#include "master/master.hpp"

#include <ostream>

#include "log/logger.hpp"
#include "master/left_with_keeper.hpp"
#include "master/serve.hpp"
#include "os/limits.hpp"
#include "os/notify.hpp"
#include "os/program.hpp"

namespace hupd::master {

namespace {

constexpr const char* go_on_with_what_was_left = "go on with what the master before has left: ";

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
