#include "master/vault.hpp"

namespace hupd::master {

void Vault::set_keeper(std::unique_ptr<Keeper> keeper) {
  keeper_ = std::move(keeper);
  if (!keeper_) return;
  for (const auto& [name, kept] : kept_) {
    if (kept.lasts == Lasts::Beyond) keeper_->put(name, kept.fd);
  }
}

void Vault::keep(std::string_view kind, image::Key key, int fd, Lasts lasts) {
  if (fd < 0) return;
  const auto name = image::descriptor(kind, key);
  kept_[name] = {fd, lasts};
  if (keeper_ && lasts == Lasts::Beyond) keeper_->put(name, fd);
}

void Vault::drop(std::string_view kind, image::Key key) {
  const auto found = kept_.find(image::descriptor(kind, key));
  if (found == kept_.end()) return;
  if (keeper_ && found->second.lasts == Lasts::Beyond) keeper_->remove(found->first);
  kept_.erase(found);
}

void Vault::forget(const Descriptors& others) const {
  if (!keeper_) return;
  for (const auto& name : others.names()) {
    if (!kept_.contains(name)) keeper_->remove(name);
  }
}

std::vector<image::Numbered> Vault::numbered() const {
  std::vector<image::Numbered> all;
  for (const auto& [name, kept] : kept_) all.push_back({name, kept.fd});
  return all;
}

std::vector<std::string> Descriptors::names() const {
  std::vector<std::string> names;
  for (const auto& [name, fd] : fds_) names.push_back(name);
  return names;
}

os::Fd Descriptors::take(std::string_view kind, image::Key key) {
  auto node = fds_.extract(image::descriptor(kind, key));
  return node.empty() ? os::Fd() : std::move(node.mapped());
}

}  // namespace hupd::master
