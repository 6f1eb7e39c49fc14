#include "master/exporter.hpp"

#include <algorithm>

#include "exporter/exporter.hpp"
#include "log/logger.hpp"
#include "master/send_listeners.hpp"
#include "os/clock.hpp"
#include "os/local_stream.hpp"
#include "os/pipe.hpp"
#include "os/privileges.hpp"

namespace hupd::master {

namespace {

constexpr std::uint32_t backlog = 128;
constexpr std::uint64_t time_to_leave_ms = 1'000;
constexpr std::uint64_t time_to_die_ms = 5'000;

}  // namespace

Exporter::Exporter(uv_loop_t* loop, Vault& vault, Listeners& inherited, Introduce introduce)
    : loop_(loop),
      vault_(vault),
      inherited_(inherited),
      introduce_(std::move(introduce)),
      own_(vault),
      retry_(loop, [this] { start(); }),
      pressure_(loop, [this] { press(); }) {}

os::Result<void> Exporter::configure(const config::Metrics& settings) {
  if (settings == settings_) return {};
  const auto identity = os::find_identity(settings.user, "", {});
  if (!identity) return tl::unexpected(identity.error());
  if (auto may = os::may_become(*identity); !may) return may;
  auto listeners = obtain(settings);
  if (!listeners) return tl::unexpected(listeners.error());
  settings_ = settings;
  listeners_ = std::move(*listeners);
  restarts_.failures = 0;
  for (const auto& listener : listeners_) {
    log::write(log::Level::Info, {}, "metrics at " + os::local_address(listener->fd()));
  }
  if (child_) {
    tell_to_go();
  } else {
    start();
  }
  return {};
}

// What listens is, to those that hold listeners, an app.
os::Result<ListenerSet> Exporter::obtain(const config::Metrics& settings) {
  ListenerSet all;
  for (const auto& listen : settings.listen) {
    config::App app;
    app.listen = {listen};
    app.backlog = backlog;
    const bool is_inherited = std::holds_alternative<config::InheritedAddress>(listen.address);
    auto& listeners = is_inherited ? inherited_ : own_;
    auto some = listeners.obtain(app);
    if (!some) return some;
    listeners.adjust(app, *some);
    all.insert(all.end(), some->begin(), some->end());
  }
  return all;
}

void Exporter::start() {
  retry_.stop();
  if (stopping_ || child_ || listeners_.empty()) return;
  restarts_.started(os::monotonic_now());
  const auto started = try_start();
  if (started) return;
  if (!child_) return try_again_later(started.error().text);
  log::write(log::Level::Error, child_->name().subject(), started.error().text);
  child_->signal(os::Signal::Kill);  // it lacks something; its end is followed by another try
}

os::Result<void> Exporter::try_start() {
  auto channel = os::channel_pair();
  if (!channel) return tl::unexpected(channel.error());
  auto questions = os::local_pair();
  if (!questions) return tl::unexpected(questions.error());
  auto output = os::output_pipe();
  if (!output) return tl::unexpected(output.error());
  auto spawned = os::spawn_self(exporter::arguments(settings_.user), os::child_environment({}),
                                channel->second.get(), output->writer.get());
  if (!spawned) return tl::unexpected(spawned.error());
  child_ = std::make_unique<Child>(
      loop_, vault_, ChildName{}, wire::Link(std::move(channel->first)), std::move(output->reader),
      [](wire::Letter&) {}, [] {});
  child_->born(spawned->pid, std::move(spawned->pidfd),
               std::chrono::milliseconds(time_to_leave_ms));
  if (auto sent = send_listeners(*child_, listeners_); !sent) return sent;
  introduce_(std::move(questions->first));
  return child_->try_send(wire::Accept{}, {questions->second.get()});
}

bool Exporter::exited(const os::Reaped& reaped) {
  if (!child_ || child_->pid() != reaped.pid) return false;
  child_->catch_up();  // its last words
  child_.reset();
  pressure_.stop();
  if (std::exchange(leaving_, Leaving::No) != Leaving::No) {
    start();
  } else {
    try_again_later(reaped.described);
  }
  return true;
}

void Exporter::try_again_later(const std::string& why) {
  const auto delay = restarts_.pause(os::monotonic_now());
  log::write(log::Level::Warning, {},
             "the exporter of metrics is lost: " + why + "; started again in " +
                 std::to_string(delay.count()) + " ms");
  retry_.start(static_cast<std::uint64_t>(delay.count()));
}

void Exporter::stop() {
  stopping_ = true;
  retry_.stop();
  tell_to_go();
}

void Exporter::tell_to_go() {
  if (!child_ || leaving_ != Leaving::No) return;
  leaving_ = Leaving::Told;
  child_->hang_up();
  pressure_.start(time_to_leave_ms);
}

void Exporter::press() {
  if (std::exchange(leaving_, Leaving::Killed) == Leaving::Told) {
    child_->signal(os::Signal::Kill);
    return pressure_.start(time_to_die_ms);
  }
  log::write(log::Level::Error, {}, "the exporter of metrics does not die of SIGKILL; given up");
  leaving_ = Leaving::No;
  child_.reset();
  start();
}

}  // namespace hupd::master
