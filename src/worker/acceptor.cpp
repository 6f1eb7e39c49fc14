#include "worker/acceptor.hpp"

#include <algorithm>

#include "os/accept.hpp"
#include "os/clock.hpp"
#include "os/limits.hpp"
#include "worker/balance.hpp"
#include "worker/host.hpp"

namespace hupd::worker {

namespace {

// Descriptors kept free for the application's own files and for hand-overs. The kernel gives the
// lowest free number, so a connection's number tells how many are in use.
constexpr std::uint64_t most_in_reserve = 64;
constexpr std::uint64_t out_of_resources_ms = 100;
constexpr std::uint64_t complain_every_ms = 10'000;
// After standing back in vain: how many of the waiting connections are taken in one go.
constexpr int batch_when_alone = 16;

}  // namespace

Acceptor::Acceptor(uv_loop_t* loop, std::vector<Listener> listeners,
                   const wire::Scoreboard& scoreboard, const connection::Counters& counters,
                   Take take)
    : loop_(loop),
      listeners_(std::move(listeners)),
      scoreboard_(scoreboard),
      counters_(counters),
      take_(std::move(take)),
      pause_timer_(loop, [this] { resume(); }),
      descriptor_limit_(os::descriptor_limit()),
      reserve_(std::min(most_in_reserve, descriptor_limit_ / 4)) {}

void Acceptor::start() {
  resumed_at_ = uv_now(loop_);
  for (const auto& listener : listeners_) {
    const int fd = listener.fd.get();
    watches_.push_back(
        std::make_unique<loop::Readable>(loop_, fd, [this, fd] { on_readable(fd); }));
  }
}

void Acceptor::stop(const std::vector<std::string>& removed) {
  pause_timer_.stop();
  watches_.clear();
  for (auto& listener : listeners_) {
    if (std::find(removed.begin(), removed.end(), listener.address) == removed.end()) continue;
    for (auto next = os::accept_one(listener.fd.get()); next.status == os::AcceptStatus::Accepted;
         next = os::accept_one(listener.fd.get())) {
      take_(std::move(next.fd), next.peer);
    }
  }
  listeners_.clear();
}

void Acceptor::resume() {
  resumed_at_ = uv_now(loop_);
  for (auto& watch : watches_) watch->start();
}

void Acceptor::pause(Pause why) {
  for (auto& watch : watches_) watch->stop();
  stood_back_ = why == Pause::StandBack;
  pause_timer_.start(stood_back_ ? stand_back_ms : out_of_resources_ms);
}

bool Acceptor::should_stand_back() const {
  return uv_now(loop_) >= greedy_until_ && holds_more((counters_.accepted - counters_.closed),
                                                      count_share(scoreboard_, os::monotonic_ns()));
}

// Called right after the pause ended: nobody else wanted the connection meanwhile.
bool Acceptor::stood_back_in_vain() const { return uv_now(loop_) - resumed_at_ <= 1; }

void Acceptor::on_readable(int listener) {
  if (stood_back_) {
    stood_back_ = false;
    if (stood_back_in_vain()) {
      greedy_until_ = uv_now(loop_) + greedy_ms;
      for (int taken = 1; taken < batch_when_alone && accept_from(listener); ++taken) {
      }
    }
  }
  if (should_stand_back()) return pause(Pause::StandBack);
  accept_from(listener);
}

// False: nothing was accepted, or accepting is to end here.
bool Acceptor::accept_from(int listener) {
  auto next = os::accept_one(listener);
  switch (next.status) {
    case os::AcceptStatus::Nothing:
      return false;
    case os::AcceptStatus::Broken:
      complain("accept on a listener failed: errno " + std::to_string(next.code));
      pause(Pause::OutOfResources);
      return false;
    case os::AcceptStatus::OutOfResources:
      complain("accept: out of descriptors or memory (errno " + std::to_string(next.code) + ")");
      pause(Pause::OutOfResources);
      return false;
    case os::AcceptStatus::Accepted:
      break;
  }
  const bool last_one = out_of_reserve(next.fd.get());
  take_(std::move(next.fd), next.peer);
  if (!last_one) return true;
  complain("accept paused: only the reserve of " + std::to_string(reserve_) +
           " descriptors is left of " + std::to_string(descriptor_limit_) +
           " (limits.nofile); waiting connections stay in the queue");
  pause(Pause::OutOfResources);
  return false;
}

bool Acceptor::out_of_reserve(int fd) const {
  return static_cast<std::uint64_t>(fd) + reserve_ >= descriptor_limit_;
}

void Acceptor::complain(const std::string& text) {
  if (complained_at_ != 0 && uv_now(loop_) - complained_at_ < complain_every_ms) return;
  complained_at_ = uv_now(loop_);
  log_line(HUPD_WARNING, text);
}

}  // namespace hupd::worker
