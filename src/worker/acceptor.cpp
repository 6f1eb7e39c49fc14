#include "worker/acceptor.hpp"

#include <algorithm>

#include "os/accept.hpp"
#include "os/clock.hpp"
#include "worker/balance.hpp"
#include "worker/host.hpp"

namespace hupd::worker {

namespace {

constexpr std::uint64_t out_of_resources_ms = 100;
constexpr std::uint64_t complain_every_ms = 10'000;
// After standing back in vain: how many of the waiting connections are taken in one go.
constexpr int most_when_alone = 16;

}  // namespace

Acceptor::Acceptor(uv_loop_t* loop, std::vector<Listener> listeners,
                   const wire::Scoreboard& scoreboard, const connection::Counters& counters,
                   Take take)
    : loop_(loop),
      listeners_(std::move(listeners)),
      scoreboard_(scoreboard),
      counters_(counters),
      take_(std::move(take)),
      pause_timer_(loop, [this] { resume(); }) {}

Source Acceptor::source_of(const Listener& listener) {
  const int fd = listener.fd.get();
  const std::string& address = listener.address;
  return {fd, [this, fd, &address] {
            auto next = os::accept_one(fd);
            switch (next.status) {
              case os::AcceptStatus::Nothing:
                return Taken{};
              case os::AcceptStatus::Broken:
                return Taken{Taken::Status::Broken, -1, next.code};
              case os::AcceptStatus::OutOfResources:
                return Taken{Taken::Status::OutOfResources, -1, next.code};
              case os::AcceptStatus::Accepted:
                break;
            }
            const int taken = next.fd.get();
            take_(std::move(next.fd), next.peer, address);
            return Taken{Taken::Status::Some, taken};
          }};
}

void Acceptor::start() {
  resumed_at_ = uv_now(loop_);
  for (const auto& listener : listeners_) start(source_of(listener));
}

void Acceptor::start(Source source) {
  const std::size_t index = watches_.size();
  auto readable =
      std::make_unique<loop::Readable>(loop_, source.fd, [this, index] { on_readable(index); });
  watches_.push_back({std::move(source), std::move(readable)});
}

void Acceptor::stop_listening(const std::vector<std::string>& removed) {
  for (std::size_t i = 0; i < listeners_.size() && i < watches_.size(); ++i) {
    watches_[i].readable.reset();
    const auto& address = listeners_[i].address;
    if (std::find(removed.begin(), removed.end(), address) == removed.end()) continue;
    while (watches_[i].source.take().status == Taken::Status::Some) {
    }
  }
  listeners_.clear();
}

void Acceptor::stop() {
  pause_timer_.stop();
  stop_listening({});
  for (auto& watch : watches_) watch.readable.reset();
}

void Acceptor::resume() {
  resumed_at_ = uv_now(loop_);
  for (auto& watch : watches_) {
    if (watch.readable) watch.readable->start();
  }
  if (stood_back_) return;
  // Descriptors are scarce. Who was served before comes first: fresh ones would else take each that
  // becomes free.
  for (std::size_t i = listeners_.size(); i < watches_.size(); ++i) on_readable(i);
}

void Acceptor::pause(Pause why) {
  for (auto& watch : watches_) {
    if (watch.readable) watch.readable->stop();
  }
  stood_back_ = why == Pause::StandBack;
  pause_timer_.start(stood_back_ ? stand_back_ms : out_of_resources_ms);
}

bool Acceptor::should_stand_back() const {
  return uv_now(loop_) >= greedy_until_ &&
         holds_more(counters_.open(), count_share(scoreboard_, os::monotonic_ns()));
}

// Called right after the pause ended: nobody else wanted the connection meanwhile.
bool Acceptor::stood_back_in_vain() const { return uv_now(loop_) - resumed_at_ <= 1; }

void Acceptor::on_readable(std::size_t watch) {
  if (stood_back_) {
    stood_back_ = false;
    if (stood_back_in_vain()) {
      greedy_until_ = uv_now(loop_) + greedy_ms;
      for (int left = most_when_alone - 1, taken = 1; left > 0 && taken > 0; left -= taken) {
        taken = take_from(watch);
      }
    }
  }
  for (int left = watches_[watch].source.at_once; left > 0;) {
    if (should_stand_back()) return pause(Pause::StandBack);
    const int taken = take_from(watch);
    if (taken == 0) return;
    left -= taken;
  }
}

// How many; 0: nothing was taken, or taking is to end here.
int Acceptor::take_from(std::size_t watch) {
  if (!watches_[watch].readable) return 0;
  const Taken taken = watches_[watch].source.take();
  switch (taken.status) {
    case Taken::Status::Nothing:
      return 0;
    case Taken::Status::NotOurs:
      pause(Pause::StandBack);
      return 0;
    case Taken::Status::Ended:
      watches_[watch].readable.reset();
      return 0;
    case Taken::Status::Broken:
      complain("accept on a listener failed: errno " + std::to_string(taken.code));
      pause(Pause::OutOfResources);
      return 0;
    case Taken::Status::OutOfResources:
      complain("accept: out of descriptors or memory (errno " + std::to_string(taken.code) + ")");
      pause(Pause::OutOfResources);
      return 0;
    case Taken::Status::Some:
      break;
  }
  if (!reserve_.holds(taken.fd)) return taken.count;
  complain("accept paused: only the reserve of " + std::to_string(reserve_.size()) +
           " descriptors is left of " + std::to_string(reserve_.limit()) +
           " (limits.nofile); waiting connections stay in the queue");
  pause(Pause::OutOfResources);
  return 0;
}

void Acceptor::complain(const std::string& text) {
  if (complained_at_ != 0 && uv_now(loop_) - complained_at_ < complain_every_ms) return;
  complained_at_ = uv_now(loop_);
  log_line(HUPD_WARNING, text);
}

}  // namespace hupd::worker
