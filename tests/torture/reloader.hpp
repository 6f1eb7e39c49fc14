// Runs the reload command at intervals, one at a time, and notes how each run of it ended.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

#include "generations.hpp"
#include "loop.hpp"

namespace hupd::torture {

struct ReloadPlan {
  std::string command;  // for /bin/sh -c; empty: no reloads
  Duration every{};
  std::size_t count = 0;  // 0: as many as fit
  Duration timeout = std::chrono::seconds(60);
  // None before a new generation has answered since the last one: what comes late is not to be
  // taken for what comes next.
  bool awaits_switch = false;
};

struct ReloadRecord {
  Duration at{};  // since the start of the run
  Duration took{};
  bool failed = false;
  std::string outcome;  // "exit code 0", "killed by signal 15", "timed out"
};

class Reloader : public Watcher {
 public:
  Reloader(Loop& loop, ReloadPlan plan, Generations& generations);
  ~Reloader() override;

  void start();
  void stop() { stopping_ = true; }  // a command that runs is still waited for
  bool finished() const { return pid_ < 0; }
  bool all_done() const;  // as many as planned, and what is awaited of the last one has come
  const std::vector<ReloadRecord>& records() const { return records_; }
  std::size_t missed() const {
    return plan_.count > records_.size() ? plan_.count - records_.size() : 0;
  }

  void on_events(std::uint32_t events) override;

 private:
  bool has_come() const;
  void launch();
  void conclude(bool failed, std::string outcome);

  Loop& loop_;
  const ReloadPlan plan_;
  Generations& generations_;
  std::vector<ReloadRecord> records_;
  Time started_{}, launched_{};
  pid_t pid_ = -1;
  int pidfd_ = -1;
  bool timed_out_ = false;
  bool stopping_ = false;
  Loop::Timer deadline_;
};

}  // namespace hupd::torture
