#include "master/keepers.hpp"

#include "master/keeper_process.hpp"
#include "master/service_manager_store.hpp"

namespace hupd::master {

std::unique_ptr<Keeper> make_keeper(const Shared& shared, const std::string& identity,
                                    std::optional<Takeover>& left) {
  const auto patience = shared.settings->master.orphan_timeout;
  if (patience.count() == 0) return nullptr;
  const auto stored = left ? left->descriptors.names() : std::vector<std::string>();
  const auto& notifier = shared.news.notifier();
  if (notifier.is_there()) {
    return std::make_unique<ServiceManagerStore>(
        shared.loop, notifier, stored, notifier.store_limit().value_or(shipped_store_limit));
  }
  if (os::own_pid() == 1) return nullptr;
  auto line = left ? left->keeper.take() : keeper::Line();
  if (left && !line) line = keeper::Line(left->descriptors.take("keeper", 0));
  return std::make_unique<KeeperProcess>(
      shared.loop, shared.vault,
      KeeperProcess::About{identity, shared.runtime_dir.path(), patience}, std::move(line), stored);
}

}  // namespace hupd::master
