// Whether this worker has a master, and what to do when it has none for long.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "loop/handle.hpp"
#include "os/fd.hpp"

namespace hupd::worker {

// A master that dies leaves its workers serving. Another one may come and lead them (it has their
// channels from whoever kept them meanwhile); if none has come by the limit, they drain and leave.
class Orphanhood {
 public:
  // `on_orphaned` at the master's death, `on_abandoned` when the limit has passed since.
  Orphanhood(uv_loop_t* loop, std::chrono::milliseconds limit, loop::Callback on_orphaned,
             loop::Callback on_abandoned);

  // The master that leads from now on, by its pidfd.
  void led_by(os::Fd master);
  void end();  // it does not matter any more

 private:
  void orphaned();

  uv_loop_t* loop_;
  std::uint64_t limit_ms_;
  loop::Callback on_orphaned_;
  os::Fd master_;
  std::unique_ptr<loop::Readable> watch_;
  loop::Timer patience_;
};

}  // namespace hupd::worker
