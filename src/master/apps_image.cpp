// The apps as plain data, and going on with those of another master.
#include "master/apps.hpp"

namespace hupd::master {

void Apps::put_into(image::Master& image) const {
  for (const auto& held : held_) {
    auto app = held.app->image();
    app.standing = held.standing;
    image.apps.push_back(std::move(app));
  }
  image.last_generations = last_generations_;
  image.stopping = stopping_;
}

os::Result<void> Apps::resume(const image::Master& image, const ListenersByKey& listeners,
                              Descriptors& from) {
  for (const auto& app : image.apps) {
    auto common = Common::take_up(app, from);
    if (!common) return tl::unexpected(common.error());
    auto supervisor = std::make_unique<Supervisor>(shared_, app, std::move(*common));
    if (auto resumed = supervisor->resume(app, listeners, from); !resumed) return resumed;
    held_.push_back({app.standing, std::move(supervisor)});
  }
  last_generations_ = image.last_generations;
  stopping_ = image.stopping;
  return {};
}

void Apps::revive() {
  for (auto& held : held_) held.app->revive();
}

}  // namespace hupd::master
