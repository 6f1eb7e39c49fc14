// The exporter as plain data, and going on with that of another master.
#include "master/exporter.hpp"

namespace hupd::master {

void Exporter::put_into(image::Master& image) const {
  auto& own = image.exporter;
  own.settings = settings_;
  for (const auto& listener : listeners_) own.listeners.push_back(listener->key());
  if (child_) own.child = child_->image();
  own.started_at = restarts_.started_at;
  own.failures = restarts_.failures;
  own.leaving = leaving_ != Leaving::No;
  own.stopping = stopping_;
  for (auto listener : own_.image()) {
    listener.is_of_exporter = true;
    image.listeners.push_back(std::move(listener));
  }
}

void Exporter::resume(const image::Master& image, const ListenersByKey& inherited,
                      Descriptors& from) {
  const auto& own = image.exporter;
  ListenersByKey listeners = inherited;
  for (const auto& listener : image.listeners) {
    if (!listener.is_of_exporter) continue;
    auto fd = from.take("listener", listener.key);
    if (fd) listeners[listener.key] = own_.take_up(listener, std::move(fd));
  }
  for (const auto key : own.listeners) {
    if (const auto found = listeners.find(key); found != listeners.end()) {
      listeners_.push_back(found->second);
    }
  }
  settings_ = own.settings;
  restarts_.started_at = own.started_at;
  restarts_.failures = own.failures;
  stopping_ = own.stopping;
  if (!own.child) return start();
  child_ = std::make_unique<Child>(
      loop_, vault_, *own.child, from, [](wire::Letter&) {}, [] {});
  if (own.leaving) tell_to_go();
}

os::Result<void> Exporter::revive(const image::Master& image, Descriptors& from) {
  ListenerSet kept;  // until they are obtained
  for (const auto& listener : image.listeners) {
    auto fd = listener.is_of_exporter ? from.take("listener", listener.key) : os::Fd();
    if (fd) kept.push_back(own_.take_up(listener, std::move(fd)));
  }
  return configure(image.metrics);
}

}  // namespace hupd::master
