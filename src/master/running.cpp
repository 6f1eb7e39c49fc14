#include "master/running.hpp"

#include <algorithm>
#include <csignal>
#include <random>

#include "log/logger.hpp"
#include "os/reap.hpp"

namespace hupd::master {

namespace {

constexpr std::uint64_t look_period_ms = 1000;

int exit_code_of(const Supervisor& app) {
  if (app.stopped() != core::StopOutcome::FirstStartFailed) return exit_done;
  return app.prepare_failed() ? exit_usage_or_configuration : exit_application_failed;
}

}  // namespace

Running::Running(Shared& shared, const Configure& configure)
    : shared_(shared),
      configure_(configure),
      strays_(shared.loop),
      before_wait_(shared.loop, [this] { settle(); }),
      look_(shared.loop, [this] {
        for (auto& app : apps_) app->look_for_stalls();
      }) {
  on_signal(SIGHUP, &Running::reload);
  on_signal(SIGTERM, &Running::stop_gracefully);
  on_signal(SIGQUIT, &Running::stop_gracefully);
  on_signal(SIGINT, &Running::stop_quickly);
  on_signal(SIGUSR1, &Running::reopen_logs);
  on_signal(SIGTTIN, &Running::one_more);
  on_signal(SIGTTOU, &Running::one_fewer);
  on_signal(SIGWINCH, &Running::drain_workers);
  on_signal(SIGCHLD, &Running::reap);
  look_.start(look_period_ms, look_period_ms);
  if (const auto period = shared.news.notifier().watchdog()) {
    watchdog_ = std::make_unique<loop::Timer>(shared.loop, [this] { shared_.news.alive(); });
    const auto half_ms = static_cast<std::uint64_t>(period->count()) / 2000;  // as sd_watchdog asks
    watchdog_->start(half_ms, std::max<std::uint64_t>(half_ms, 1));
  }
}

os::Result<void> Running::add_app(const std::string& name) {
  auto board = Board::create();
  if (!board) return tl::unexpected(board.error());
  apps_.push_back(
      std::make_unique<Supervisor>(shared_, name, std::move(*board), std::random_device{}()));
  return {};
}

int Running::run() {
  shared_.news.expect(apps_.size());
  post_to_all(core::StartRequested{});
  uv_run(shared_.loop, UV_RUN_DEFAULT);
  int exit_code = exit_done;
  for (const auto& app : apps_) exit_code = std::max(exit_code, exit_code_of(*app));
  return exit_code;
}

void Running::on_signal(int number, void (Running::*handler)()) {
  signals_.push_back(std::make_unique<loop::Signal>(shared_.loop, number,
                                                    [this, handler] { (this->*handler)(); }));
}

void Running::post_to_all(const core::Event& event) {
  for (auto& app : apps_) app->post(event);
}

void Running::reload() { post_to_all(core::ReloadRequested{}); }
void Running::stop_gracefully() { stop(core::StopMode::Graceful); }
void Running::stop_quickly() { stop(core::StopMode::Quick); }
void Running::one_more() { post_to_all(core::ScaleBy{+1}); }
void Running::one_fewer() { post_to_all(core::ScaleBy{-1}); }

void Running::drain_workers() {
  log::write(log::Level::Info, {}, "draining all workers; SIGHUP brings them back");
  post_to_all(core::ScaleTo{0});
}

void Running::stop(core::StopMode mode) {
  log::write(log::Level::Info, {},
             mode == core::StopMode::Quick ? "stopping quickly" : "stopping gracefully");
  shared_.news.stopping();
  post_to_all(core::StopRequested{mode});
}

void Running::reopen_logs() {
  log::process().reopen();
  log::write(log::Level::Info, {}, "log reopened");
}

void Running::reap() {
  const auto catch_up = [this] {
    for (auto& app : apps_) app->processes().catch_up();
  };
  const auto claimed = [this](const os::Reaped& reaped) {
    return std::any_of(apps_.begin(), apps_.end(),
                       [&](auto& app) { return app->processes().exited(reaped); });
  };
  catch_up();
  while (const auto reaped = os::reap_one()) {
    if (claimed(*reaped)) continue;
    // Announced and dead since the channels were read: the announcement was sent before the process
    // could be reaped, so it is there now. Whoever is still unknown is a stray orphan.
    catch_up();
    if (!claimed(*reaped)) strays_.reaped(reaped->pid);
  }
}

// One app that cannot start ends the master: a half-started service is not started.
void Running::settle() {
  for (auto& app : apps_) app->settle();
  const auto failed = [](const auto& app) {
    return app->stopped() == core::StopOutcome::FirstStartFailed;
  };
  if (!shared_.news.is_stopping() && std::any_of(apps_.begin(), apps_.end(), failed)) {
    stop(core::StopMode::Graceful);
    for (auto& app : apps_) app->settle();
  }
  if (!all_have_stopped()) return;
  std::chrono::milliseconds kill_timeout{0};
  for (const auto& app : apps_) kill_timeout = std::max(kill_timeout, app->kill_timeout());
  if (strays_.are_gone(kill_timeout)) uv_stop(shared_.loop);
}

bool Running::all_have_stopped() const {
  return std::all_of(apps_.begin(), apps_.end(),
                     [](const auto& app) { return app->stopped().has_value(); });
}

}  // namespace hupd::master
