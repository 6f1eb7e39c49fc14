// Listening sockets as plain data, and going on with those of another master.
#include "master/listeners.hpp"

namespace hupd::master {

Listener::Listener(Vault& vault, const image::Listener& image, os::Fd fd)
    : vault_(vault), key_(image.key), listen_(image.listen), fd_(std::move(fd)) {
  if (const auto* address = std::get_if<config::UnixAddress>(&listen_.address)) {
    socket_file_ = address->path;
    if (image.file) identity_ = {image.file->device, image.file->inode};
  }
  vault_.keep("listener", key_, fd_.get(), is_inherited() ? Lasts::WithProcess : Lasts::Beyond);
}

image::Listener Listener::image() const {
  image::Listener image{key_, listen_, {}, false};
  if (identity_) image.file = {identity_->device, identity_->inode};
  return image;
}

std::shared_ptr<Listener> Listeners::take_up(const image::Listener& image, os::Fd fd) {
  auto listener = std::make_shared<Listener>(vault_, image, std::move(fd));
  if (const auto* named = std::get_if<config::InheritedAddress>(&image.listen.address)) {
    inherited_["systemd:" + named->name].push_back(listener);
  } else {
    open_[image.listen.text] = listener;
  }
  return listener;
}

std::shared_ptr<Listener> Listeners::find_inherited(const std::string& address) const {
  for (const auto& [name, set] : inherited_) {
    for (const auto& listener : set) {
      if (listener->address() == address) return listener;
    }
  }
  return nullptr;
}

std::vector<image::Listener> Listeners::image() const {
  std::vector<image::Listener> all;
  for (const auto& [text, weak] : open_) {
    if (const auto listener = weak.lock()) all.push_back(listener->image());
  }
  for (const auto& [name, set] : inherited_) {
    for (const auto& listener : set) all.push_back(listener->image());
  }
  return all;
}

}  // namespace hupd::master
