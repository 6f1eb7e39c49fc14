#include "worker/acceptor.hpp"

#include <algorithm>

#include "os/accept.hpp"
#include "os/clock.hpp"
#include "worker/balance.hpp"
#include "worker/host.hpp"

namespace hupd::worker {

namespace {

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
      watches_(
          loop, [](const std::string& text) { log_line(HUPD_WARNING, text); },
          [this] { resume(); }) {}

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
  const std::size_t number = sources_.size();
  watches_.add(source.fd, [this, number] { on_readable(number); });
  sources_.push_back(std::move(source));
}

void Acceptor::stop_listening(const std::vector<std::string>& removed) {
  for (std::size_t i = 0; i < listeners_.size() && i < sources_.size(); ++i) {
    watches_.remove(i);
    const auto& address = listeners_[i].address;
    if (std::find(removed.begin(), removed.end(), address) == removed.end()) continue;
    while (sources_[i].take().status == Taken::Status::Some) {
    }
  }
  listeners_.clear();
}

void Acceptor::stop() {
  stop_listening({});
  watches_.remove_all();
}

void Acceptor::resume() {
  resumed_at_ = uv_now(loop_);
  if (stood_back_) return;
  // Descriptors are scarce. Who was served before comes first: fresh ones would else take each that
  // becomes free.
  for (std::size_t i = listeners_.size(); i < sources_.size(); ++i) on_readable(i);
}

void Acceptor::stand_back() {
  stood_back_ = true;
  watches_.pause(stand_back_ms);
}

void Acceptor::pause_for_want(const std::string& of_what) {
  stood_back_ = false;
  watches_.pause_for_want(of_what);
}

bool Acceptor::should_stand_back() const {
  return uv_now(loop_) >= greedy_until_ &&
         holds_more(counters_.open(), count_share(scoreboard_, os::monotonic_ns()));
}

// Called right after the pause ended: nobody else wanted the connection meanwhile.
bool Acceptor::stood_back_in_vain() const { return uv_now(loop_) - resumed_at_ <= 1; }

void Acceptor::on_readable(std::size_t source) {
  if (stood_back_) {
    stood_back_ = false;
    if (stood_back_in_vain()) {
      greedy_until_ = uv_now(loop_) + greedy_ms;
      for (int left = most_when_alone - 1, taken = 1; left > 0 && taken > 0; left -= taken) {
        taken = take_from(source);
      }
    }
  }
  for (int left = sources_[source].at_once; left > 0;) {
    if (should_stand_back()) return stand_back();
    const int taken = take_from(source);
    if (taken == 0) return;
    left -= taken;
  }
}

// How many; 0: nothing was taken, or taking is to end here.
int Acceptor::take_from(std::size_t source) {
  if (!watches_.has(source)) return 0;
  const Taken taken = sources_[source].take();
  switch (taken.status) {
    case Taken::Status::Nothing:
      return 0;
    case Taken::Status::NotOurs:
      stand_back();
      return 0;
    case Taken::Status::Ended:
      watches_.remove(source);
      return 0;
    case Taken::Status::Broken:
      pause_for_want("accept on a listener failed: errno " + std::to_string(taken.code));
      return 0;
    case Taken::Status::OutOfResources:
      pause_for_want("accept: out of descriptors or memory (errno " + std::to_string(taken.code) +
                     ")");
      return 0;
    case Taken::Status::Some:
      break;
  }
  if (!reserve_.holds(taken.fd)) return taken.count;
  pause_for_want("accept paused: only the reserve of " + std::to_string(reserve_.size()) +
                 " descriptors is left of " + std::to_string(reserve_.limit()) +
                 " (limits.nofile); waiting connections stay in the queue");
  return 0;
}

}  // namespace hupd::worker
