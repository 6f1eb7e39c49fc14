#include "worker/boot.hpp"

namespace hupd::worker {

namespace {

tl::unexpected<os::Error> descriptors_are_missing() {
  return os::refused("boot: descriptors are missing (limits.nofile of the master?)");
}

os::Result<std::vector<Listener>> receive_listeners(const wire::Link& channel, std::size_t count) {
  std::vector<Listener> all;
  while (all.size() < count) {
    auto delivery = channel.receive(os::Wait::Yes);
    auto* letter = std::get_if<wire::Letter>(&delivery);
    auto* some = letter != nullptr ? std::get_if<wire::Listeners>(&letter->message) : nullptr;
    if (some == nullptr || some->addresses.empty()) {
      return os::refused("boot: the master sent too few listeners");
    }
    if (letter->fds.size() != some->addresses.size()) return descriptors_are_missing();
    for (std::size_t i = 0; i < some->addresses.size(); ++i) {
      all.push_back({std::move(some->addresses[i]), std::move(letter->fds[i])});
    }
  }
  return all;
}

}  // namespace

os::Result<Assignment> receive_assignment(const wire::Link& channel) {
  auto delivery = channel.receive(os::Wait::Yes);
  auto* letter = std::get_if<wire::Letter>(&delivery);
  auto* start = letter != nullptr ? std::get_if<wire::Start>(&letter->message) : nullptr;
  if (start == nullptr) return os::refused("boot: the master sent no start message");
  if (letter->fds.size() != 5) return descriptors_are_missing();
  auto scoreboard = wire::Scoreboard::map(letter->fds[0].get(), os::Access::Read);
  if (!scoreboard) return tl::unexpected(scoreboard.error());
  auto page = wire::OwnPage::map(letter->fds[1].get(), start->page);
  if (!page) return tl::unexpected(page.error());
  auto listeners = receive_listeners(channel, start->listeners);
  if (!listeners) return tl::unexpected(listeners.error());
  return Assignment{*start,
                    std::move(*scoreboard),
                    std::move(*page),
                    {std::move(*listeners), std::move(letter->fds[2]), std::move(letter->fds[3])},
                    std::move(letter->fds[4])};
}

namespace {

tl::expected<Application, wire::Failed> load_or_take(Birth& birth) {
  if (birth.application) return std::move(*birth.application);
  auto loaded = Application::load(birth.library);
  if (!loaded) return tl::unexpected(wire::Failed{loaded.error().text, true});
  if (auto created = loaded->create(); !created) {
    return tl::unexpected(wire::Failed{created.error().text, false});
  }
  return std::move(*loaded);
}

}  // namespace

tl::expected<Application, wire::Failed> obtain_application(Birth& birth) {
  auto application = load_or_take(birth);
  if (application && !birth.app.probe.path.empty() && application->table().http == nullptr) {
    return tl::unexpected(wire::Failed{
        "probe.path is for applications of the http height, and this one is of another", true});
  }
  return application;
}

}  // namespace hupd::worker
