// A master's processes, real ones, without the core that decides. In a forked child, which becomes
// the subreaper; what it leaves running ends with it.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "loop/handle.hpp"
#include "master/processes.hpp"
#include "os/clock.hpp"
#include "os/files.hpp"
#include "support/child.hpp"
#include "support/directory.hpp"

namespace hupd::master {

// An event in words.
struct Told {
  std::string operator()(const core::ZygoteReady&) const { return "zygote ready"; }
  std::string operator()(const core::ZygoteFailed& e) const { return "zygote failed: " + e.reason; }
  std::string operator()(const core::ZygoteExited& e) const {
    return "zygote exited: " + e.exit.described;
  }
  std::string operator()(const core::WorkerForked& e) const {
    return std::to_string(e.worker) + " forked";
  }
  std::string operator()(const core::WorkerReady& e) const {
    return std::to_string(e.worker) + " ready";
  }
  std::string operator()(const core::WorkerFailed& e) const {
    return std::to_string(e.worker) + " failed: " + e.reason;
  }
  std::string operator()(const core::WorkerExited& e) const {
    return std::to_string(e.worker) + " exited: " + e.exit.described;
  }
  std::string operator()(const core::WorkerAsksToGo& e) const {
    return std::to_string(e.worker) + " asks to go";
  }
  std::string operator()(const auto&) const { return "an event that is not of a process"; }
};

class Household {
 public:
  Household() {
    static_cast<void>(os::become_subreaper());
    static_cast<void>(log::process().configure({.file = directory_ / "log"}));
  }

  // Generation 1 of a service with this library; not started.
  Generation& add(const std::string& library) {
    auto settings = config::parse("[app.web]\nlibrary = \"" + library +
                                      "\"\nlisten = [\"127.0.0.1:0\"]\ncheck_ownership = false\n",
                                  "test", "/");
    Generation made;
    made.id = 1;
    made.app = std::move(settings->apps.front());
    made.listeners = std::move(*listeners_.obtain(made.app));
    made.directory = CopyDirectory::create(directory_ / "web-1").value();
    return processes.add(std::move(made));
  }
  Generation& add_with_zygote(const std::string& library) {
    Generation& made = add(library);
    static_cast<void>(processes.start_zygote(made));
    until([this] { return count("zygote ready") == 1; });
    return made;
  }

  std::size_t count(const std::string& event) const {
    return static_cast<std::size_t>(std::ranges::count(events, event));
  }
  // With this beginning; empty: none.
  std::string find(const std::string& beginning) const {
    for (const auto& one : events) {
      if (one.starts_with(beginning)) return one;
    }
    return {};
  }

  // Turns as the master does, for a while at the most.
  bool until(const std::function<bool()>& held) {
    loop::Timer tick(&loop_, [] {});
    tick.start(1, 1);
    const auto end = os::monotonic_now() + std::chrono::seconds(40);
    while (!held()) {
      if (os::monotonic_now() > end) return false;
      uv_run(&loop_, UV_RUN_ONCE);
      reap();
      processes.tell_ended();
    }
    return true;
  }

  std::string log() const { return test::content(directory_ / "log"); }
  const test::Directory& directory() const { return directory_; }

 private:
  void reap() {
    processes.catch_up();
    while (const auto reaped = os::reap_one()) {
      if (processes.exited(*reaped)) continue;
      processes.catch_up();
      if (!processes.exited(*reaped)) ++strangers;
    }
  }

  test::Directory directory_;
  Vault vault_;
  Listeners listeners_{vault_};
  uv_loop_t& loop_ = *uv_default_loop();

 public:
  std::vector<std::string> events;  // in words, in order
  int strangers = 0;                // reaped and of no generation
  Processes processes{
      &loop_, vault_, "web", std::move(*Common::create()),
      [this](const core::Event& event) { events.push_back(std::visit(Told{}, event)); }};
};

}  // namespace hupd::master
