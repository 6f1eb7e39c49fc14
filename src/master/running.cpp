#include "master/running.hpp"

#include <csignal>

#include "log/line.hpp"
#include "log/logger.hpp"
#include "master/program_authors.hpp"
#include "os/clock.hpp"
#include "os/process.hpp"

namespace hupd::master {

namespace {

constexpr std::uint64_t look_period_ms = 1000;
constexpr std::uint64_t flush_period_ms = 20;

}  // namespace

// Everything that is under way has a deadline of its own, or waits for a person as it was told to
// (a canary that is held by hand), so whoever waits for it may go on.
void Running::look() {
  apps_.look_for_stalls();
  // Whoever cleans up behind services may have removed the socket at which it is found.
  if (auto* keeper = shared_.vault.keeper()) keeper->is_found_in(own_.runtime_dir.path());
  if (shared_.news.is_stopping() || apps_.is_anything_under_way()) shared_.news.ask_for_time();
}

Running::Running(Shared& shared, const Configure& configure, Belongings& own, Signals& signals,
                 Upgrade::Program program)
    : shared_(shared),
      configure_(configure),
      own_(own),
      program_(std::move(program)),
      started_with_(shared.settings->master),
      started_at_(os::monotonic_now()),
      started_(log::timestamp(std::chrono::system_clock::now())),
      apps_(shared),
      control_(shared.loop, shared.vault, own.control, started_with_.control,
               shared.news.chronicle(), orders()),
      exporter_(shared.loop, shared.vault, shared.listeners,
                [this](os::Fd fd) { control_.introduce(std::move(fd)); }),
      upgrade_(
          shared.loop, shared.vault, program_,
          [this] { return program_authors(*shared_.settings); }, [this] { return image(); },
          [this](const std::string& why) { upgrade_refused(why); }),
      signals_(signals),
      strays_(shared.loop, shared.vault, shared.news.notifier().is_there()),
      before_wait_(shared.loop,
                   [this] {
                     settle();
                     keep_log_moving();
                   }),
      look_(shared.loop, [this] { look(); }),
      flush_log_(shared.loop, [this] {
        log::process().flush();
        if (!log::process().waits()) flush_log_.stop();
      }) {
  on_signal(SIGHUP, &Running::want_reload);
  on_signal(SIGTERM, &Running::stop_gracefully);
  on_signal(SIGQUIT, &Running::stop_gracefully);
  on_signal(SIGINT, &Running::stop_quickly);
  on_signal(SIGUSR1, &Running::reopen_logs);
  on_signal(SIGUSR2, &Running::upgrade_by_signal);
  on_signal(SIGTTIN, &Running::one_more);
  on_signal(SIGTTOU, &Running::one_fewer);
  on_signal(SIGWINCH, &Running::drain_workers);
  on_signal(SIGCHLD, &Running::reap);
  shared.checkpoint = [this] { make_checkpoint(); };
  look_.start(look_period_ms, look_period_ms);
  if (const auto period = shared.news.notifier().watchdog()) {
    watchdog_ = std::make_unique<loop::Timer>(shared.loop, [this] { shared_.news.alive(); });
    const auto half_ms = static_cast<std::uint64_t>(period->count()) / 2000;  // as sd_watchdog asks
    watchdog_->start(half_ms, std::max<std::uint64_t>(half_ms, 1));
  }
}

// In an orderly end nothing is left for anybody to go on with.
Running::~Running() {
  shared_.checkpoint = [] {};
  signals_.ignore_all();
  checkpoint_.reset();
  Belongings::drop(shared_.vault);
}

os::Result<void> Running::start() {
  strays_.spare_all_there_is();
  if (auto served = exporter_.configure(shared_.settings->metrics); !served) {
    return os::refused("metrics: " + served.error().text);
  }
  if (auto started = apps_.start(); !started) return started;
  log::write(log::Level::Info, {.pid = os::own_pid()}, "hupd master started");
  return {};
}

int Running::run() {
  uv_run(shared_.loop, UV_RUN_DEFAULT);
  return apps_.exit_code();
}

void Running::on_signal(int number, void (Running::*handler)()) {
  signals_.on(shared_.loop, number, [this, handler] { (this->*handler)(); });
}

void Running::stop_gracefully() { stop(core::StopMode::Graceful); }
void Running::stop_quickly() { stop(core::StopMode::Quick); }
void Running::one_more() { apps_.post(core::ScaleBy{+1}); }
void Running::one_fewer() { apps_.post(core::ScaleBy{-1}); }

void Running::drain_workers() {
  log::write(log::Level::Info, {}, "draining all workers; SIGHUP, or hupd scale, brings them back");
  apps_.post(core::ScaleTo{0});
}

void Running::stop(core::StopMode mode) {
  checkpoint_.reset();  // whoever comes if this one dies now begins anew
  log::write(log::Level::Info, {},
             mode == core::StopMode::Quick ? "stopping quickly" : "stopping gracefully");
  shared_.news.stopping();
  apps_.stop(mode);
}

void Running::reopen_logs() {
  log::process().reopen();
  log::write(log::Level::Info, {}, "log reopened");
}

// By the clock: libuv's way to wait for a descriptor sets O_NONBLOCK on it, for all who share it.
void Running::keep_log_moving() {
  if (!log::process().waits() || flush_log_.is_running()) return;
  flush_log_.start(flush_period_ms, flush_period_ms);
}

void Running::reap() {
  apps_.reap([this](const os::Reaped& reaped) {
    if (!exporter_.exited(reaped) && !upgrade_.exited(reaped)) strays_.reaped(reaped.pid);
  });
}

// One app that cannot start with the master ends it: a half-started service is not started.
void Running::settle() {
  if (std::exchange(reload_wanted_, false)) reload();
  apps_.settle();
  if (!shared_.news.is_stopping() && apps_.start_failed()) {
    stop(core::StopMode::Graceful);
    apps_.settle();
  }
  control_.settle();
  upgrade_.settle();
  if (shared_.has_changed) make_checkpoint();
  if (!shared_.news.is_stopping() || !apps_.all_stopped()) return;
  exporter_.stop();
  if (!exporter_.is_gone()) return;
  if (strays_.are_gone(apps_.kill_timeout())) uv_stop(shared_.loop);
}

}  // namespace hupd::master
