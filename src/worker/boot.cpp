#include "worker/boot.hpp"

namespace hupd::worker {

os::Result<Assignment> receive_assignment(const wire::Link& channel) {
  auto delivery = channel.receive(os::Wait::Yes);
  auto* letter = std::get_if<wire::Letter>(&delivery);
  auto* start = letter != nullptr ? std::get_if<wire::Start>(&letter->message) : nullptr;
  if (start == nullptr) return os::refused("boot: the master sent no start message");
  if (letter->fds.size() != 2 + start->listeners.size()) {
    return os::refused("boot: descriptors are missing (limits.nofile of the master?)");
  }
  auto scoreboard = wire::Scoreboard::map(letter->fds[0].get(), os::Access::Read);
  if (!scoreboard) return tl::unexpected(scoreboard.error());
  auto page = wire::OwnPage::map(letter->fds[1].get(), start->page);
  if (!page) return tl::unexpected(page.error());
  std::vector<Listener> listeners;
  for (std::size_t i = 0; i < start->listeners.size(); ++i) {
    listeners.push_back({start->listeners[i], std::move(letter->fds[2 + i])});
  }
  return Assignment{std::move(*start), std::move(*scoreboard), std::move(*page),
                    std::move(listeners)};
}

tl::expected<Application, wire::Failed> obtain_application(Birth& birth) {
  if (birth.application) return std::move(*birth.application);
  auto loaded = Application::load(birth.library);
  if (!loaded) return tl::unexpected(wire::Failed{loaded.error().text, true});
  if (auto created = loaded->create(); !created) {
    return tl::unexpected(wire::Failed{created.error().text, false});
  }
  return std::move(*loaded);
}

}  // namespace hupd::worker
