// What this worker leaves to those that follow it, and takes from those that went before it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include <hupd/app.h>

#include "os/fd.hpp"
#include "os/result.hpp"
#include "wire/messages.hpp"
#include "worker/application.hpp"

namespace hupd::worker {

class Succession {
 public:
  using Tell = std::function<void(const wire::Message& message, const std::vector<int>& fds)>;

  // All of it outlives this. `inheriting`: this worker's, on the scoreboard. `most`: how many bytes
  // one legacy may have. `tell` sends to the master.
  Succession(const Application& application, hupd_worker& worker,
             std::atomic<std::uint32_t>& inheriting, std::size_t most, Tell tell);

  // Whether what was left is to be taken before the worker is ready.
  bool comes_first() const;
  // Asks the application. A refusal is the error; what cannot be read is logged and left out.
  os::Result<void> take(const wire::Inherit& from, const std::vector<os::Fd>& fds);

  // The moments of hupd_moment. `successors`: the generation that follows.
  void bequeath(std::uint64_t successors);  // is always answered
  void retiring(std::uint64_t successors);
  void retired();
  // There is nobody to leave anything to any more.
  void nobody_follows() { is_due_ = false; }

 private:
  bool leave(hupd_moment moment);  // whether there is more

  const Application& application_;
  hupd_worker& worker_;
  std::atomic<std::uint32_t>& inheriting_;
  std::size_t most_;
  Tell tell_;
  std::uint64_t copied_to_ = 0;  // the last generation that was given a copy
  bool copied_all_ = false;      // and that was all
  bool is_due_ = false;          // the rest is, when the last connection is gone
};

}  // namespace hupd::worker
