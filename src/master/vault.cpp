#include "master/vault.hpp"

namespace hupd::master {

void Vault::keep(std::string_view kind, image::Key key, int fd) {
  if (fd >= 0) kept_[image::descriptor(kind, key)] = fd;
}

void Vault::drop(std::string_view kind, image::Key key) {
  kept_.erase(image::descriptor(kind, key));
}

std::vector<image::Numbered> Vault::numbered() const {
  std::vector<image::Numbered> all;
  for (const auto& [name, fd] : kept_) all.push_back({name, fd});
  return all;
}

os::Fd Descriptors::take(std::string_view kind, image::Key key) {
  auto node = fds_.extract(image::descriptor(kind, key));
  return node.empty() ? os::Fd() : std::move(node.mapped());
}

}  // namespace hupd::master
