#include "worker/wear.hpp"

#include <algorithm>

#include "os/clock.hpp"
#include "os/process.hpp"
#include "os/usage.hpp"
#include "worker/host.hpp"

namespace hupd::worker {
namespace {

using std::chrono::milliseconds;

std::uint64_t lowered(std::uint64_t limit, std::uint32_t jitter_percent, std::mt19937_64& random) {
  const std::uint64_t most = limit / 100 * jitter_percent + limit % 100 * jitter_percent / 100;
  const std::uint64_t left = limit - std::uniform_int_distribution<std::uint64_t>(0, most)(random);
  return std::max(left, std::min<std::uint64_t>(limit, 1));  // 0 would be none
}

std::string in_seconds(milliseconds age) { return std::to_string(age.count() / 1000) + " s"; }

std::string in_mib(std::uint64_t bytes) {
  constexpr std::uint64_t mib = 1024UL * 1024;
  return std::to_string(bytes / mib) + " MiB";
}

}  // namespace

config::Recycle draw(const config::Recycle& limits, std::mt19937_64& random) {
  config::Recycle own = limits;
  own.requests =
      static_cast<std::uint32_t>(lowered(limits.requests, limits.jitter_percent, random));
  own.age = milliseconds(
      lowered(static_cast<std::uint64_t>(limits.age.count()), limits.jitter_percent, random));
  own.memory = lowered(limits.memory, limits.jitter_percent, random);
  return own;
}

std::optional<std::string> worn(const config::Recycle& limits, const Use& use) {
  if (limits.requests != 0 && use.requests >= limits.requests) {
    return std::to_string(use.requests) + " requests served (recycle.requests)";
  }
  if (limits.age.count() != 0 && use.age >= limits.age) {
    return in_seconds(use.age) + " old (recycle.age)";
  }
  if (limits.memory != 0 && use.memory >= limits.memory) {
    return in_mib(use.memory) + " of memory resident (recycle.memory)";
  }
  return std::nullopt;
}

Wear::Wear(uv_loop_t* loop, const config::Recycle& limits, const std::uint64_t& requests,
           OnWorn on_worn)
    : requests_(requests),
      on_worn_(std::move(on_worn)),
      began_(os::monotonic_now()),
      before_wait_(loop, [this] { look_at_requests(); }),
      every_second_(loop, [this] { look_at_all(); }) {
  std::random_device seed;
  std::mt19937_64 random(seed());
  limits_ = draw(limits, random);
  if (limits_.age.count() != 0 || limits_.memory != 0) every_second_.start(1000, 1000);
}

void Wear::look_at_requests() { look({requests_, milliseconds(0), 0}); }

void Wear::look_at_all() {
  Use use{requests_, os::monotonic_now() - began_, 0};
  if (limits_.memory != 0 && memory_is_known_) {
    const auto resident = os::resident_bytes(os::own_pid());
    memory_is_known_ = resident.has_value();
    if (!resident)
      log_line(HUPD_WARNING, "recycle.memory has no effect: /proc/self/statm cannot be read");
    use.memory = resident.value_or(0);
  }
  look(use);
}

void Wear::look(const Use& use) {
  if (worn_) return;
  worn_ = worn(limits_, use);
  if (!worn_) return;
  every_second_.stop();
  on_worn_(*worn_);
}

void Wear::repeat() {
  if (worn_) on_worn_(*worn_);
}

}  // namespace hupd::worker
