// An app as plain data, and going on with that of another master.
#include "master/supervisor.hpp"

namespace hupd::master {

Supervisor::Supervisor(Shared& shared, const image::App& image, Common common)
    : Supervisor(shared, image.name, std::move(common), image.key) {
  processes_.common().keep(shared_.vault, key_);
}

image::App Supervisor::image() const {
  image::App image;
  image.key = key_;
  image.name = name_;
  image.core = state_;
  image.unfinished = {unfinished_.begin(), unfinished_.end()};
  processes_.put_into(image);
  image.progress = progress_.image();
  image.told_stopping = told_stopping_;
  image.restarts = restarts_;
  image.probations_failed = probations_failed_;
  image.lost = lost_;
  image.outcomes = outcomes_;
  image.current = current_;
  image.served = served_;
  image.stopped = stopped_;
  image.kill_timeout = kill_timeout_;
  for (const auto& one : condemned_) image.condemned.push_back({one.hash, one.plan, one.reason});
  if (wanted_) image.wanted = {wanted_->force, wanted_->only_changed};
  image.misconfigured = misconfigured_;
  return image;
}

os::Result<void> Supervisor::resume(const image::App& image, const ListenersByKey& listeners,
                                    Descriptors& from) {
  if (auto had = processes_.resume(image, listeners, shared_.settings, from); !had) return had;
  state_ = image.core;
  unfinished_ = {image.unfinished.begin(), image.unfinished.end()};
  progress_.resume(image.progress);
  told_stopping_ = image.told_stopping;
  restarts_ = image.restarts;
  probations_failed_ = image.probations_failed;
  lost_ = image.lost;
  outcomes_ = image.outcomes;
  current_ = image.current;
  served_ = image.served;
  stopped_ = image.stopped;
  kill_timeout_ = image.kill_timeout;
  for (const auto& one : image.condemned) condemned_.push_back({one.hash, one.plan, one.reason});
  if (image.wanted) wanted_ = {image.wanted->force, image.wanted->only_changed};
  misconfigured_ = image.misconfigured;
  return {};
}

}  // namespace hupd::master
