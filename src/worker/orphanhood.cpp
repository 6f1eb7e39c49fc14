#include "worker/orphanhood.hpp"

#include <utility>

#include "os/orphan.hpp"
#include "os/pipe.hpp"

namespace hupd::worker {

Orphanhood::Orphanhood(uv_loop_t* loop, std::chrono::milliseconds limit, loop::Callback on_orphaned,
                       loop::Callback on_abandoned)
    : loop_(loop),
      limit_ms_(static_cast<std::uint64_t>(limit.count())),
      on_orphaned_(std::move(on_orphaned)),
      patience_(loop, std::move(on_abandoned)) {}

void Orphanhood::led_by(os::Fd master) {
  watch_.reset();
  patience_.stop();
  const auto before = std::exchange(master_, std::move(master));
  if (!master_) return;
  if (before) os::led_by_another(master_.get());
  os::set_output_waits(true);
  watch_ = std::make_unique<loop::Readable>(loop_, master_.get(), [this] { orphaned(); });
}

void Orphanhood::end() {
  watch_.reset();
  patience_.stop();
}

// Nobody reads what this process prints: better that it is lost than that a callback waits.
void Orphanhood::orphaned() {
  watch_.reset();
  os::set_output_waits(false);
  patience_.start(limit_ms_);
  on_orphaned_();
}

}  // namespace hupd::worker
