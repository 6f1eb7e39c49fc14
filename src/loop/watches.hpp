// Descriptors from which something is taken when it comes, and that are let alone for a while when
// it cannot be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "loop/handle.hpp"

namespace hupd::loop {

// What waits keeps its descriptor readable: without a pause the loop would do nothing but look.
class Watches {
 public:
  using Say = std::function<void(const std::string&)>;
  static constexpr std::uint64_t pause_ms = 100;
  static constexpr std::uint64_t say_every_ms = 10'000;

  // `resumed` is called after each pause, when all are looked at again; `say` as below.
  Watches(
      uv_loop_t* loop, Say say, Callback resumed = [] {})
      : loop_(loop),
        say_(std::move(say)),
        resumed_(std::move(resumed)),
        timer_(loop, [this] { resume(); }) {}

  // The number of a new one, from 0 on. The descriptor stays the caller's, as a Readable's does.
  std::size_t add(int fd, Callback on_readable) {
    all_.push_back(std::make_unique<Readable>(loop_, fd, std::move(on_readable)));
    if (timer_.is_running()) all_.back()->stop();
    return all_.size() - 1;
  }
  bool has(std::size_t number) const { return number < all_.size() && all_[number] != nullptr; }
  void remove(std::size_t number) {
    if (has(number)) all_[number].reset();
  }
  // For good; no pause ends any more.
  void remove_all() {
    timer_.stop();
    for (auto& one : all_) one.reset();
  }

  void pause(std::uint64_t ms) {
    for (auto& one : all_) {
      if (one) one->stop();
    }
    timer_.start(ms);
  }
  // For want of what taking takes. One that lasts is said now and then, not at each look.
  void pause_for_want(const std::string& of_what) {
    pause(pause_ms);
    const bool was_said_lately = said_at_ != 0 && uv_now(loop_) - said_at_ < say_every_ms;
    if (was_said_lately) return;
    said_at_ = uv_now(loop_);
    say_(of_what);
  }

 private:
  void resume() {
    for (auto& one : all_) {
      if (one) one->start();
    }
    resumed_();
  }

  uv_loop_t* loop_;
  Say say_;
  Callback resumed_;
  std::vector<std::unique_ptr<Readable>> all_;
  Timer timer_;
  std::uint64_t said_at_ = 0;  // uv_now; 0: never
};

}  // namespace hupd::loop
