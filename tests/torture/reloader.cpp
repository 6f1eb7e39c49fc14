#include "reloader.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hupd::torture {

namespace {
constexpr auto look_again = std::chrono::milliseconds(1);
}

Reloader::Reloader(Loop& loop, ReloadPlan plan, Generations& generations)
    : loop_(loop), plan_(std::move(plan)), generations_(generations), deadline_(loop.no_timer()) {}

Reloader::~Reloader() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  if (pidfd_ >= 0) ::close(pidfd_);
}

void Reloader::start() {
  started_ = loop_.now();
  if (!plan_.command.empty()) loop_.at(started_ + plan_.every, [this] { launch(); });
}

bool Reloader::all_done() const {
  return plan_.count != 0 && records_.size() >= plan_.count && finished() && has_come();
}

bool Reloader::has_come() const { return !plan_.awaits_switch || generations_.has_switched(); }

void Reloader::launch() {
  if (stopping_) return;
  if (!has_come()) {
    loop_.at(loop_.now() + look_again, [this] { launch(); });
    return;
  }
  launched_ = loop_.now();
  records_.emplace_back().at = launched_ - started_;
  generations_.reloading(launched_);

  // Standard output may carry our JSON: the command's goes to standard error.
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  const char* const arguments[] = {"sh", "-c", plan_.command.c_str(), nullptr};
  const int error = ::posix_spawn(&pid_, "/bin/sh", &actions, nullptr,
                                  const_cast<char* const*>(arguments), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return conclude(true, std::string("not started: ") + std::strerror(error));

  pidfd_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  if (pidfd_ < 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    return conclude(true, std::string("pidfd_open: ") + std::strerror(errno));
  }
  loop_.watch(pidfd_, EPOLLIN, *this);
  deadline_ = loop_.at(launched_ + plan_.timeout, [this] {
    deadline_ = loop_.no_timer();
    timed_out_ = true;
    ::kill(pid_, SIGKILL);
  });
}

void Reloader::on_events(std::uint32_t) {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  loop_.unwatch(pidfd_);
  ::close(pidfd_);
  pidfd_ = -1;
  if (deadline_ != loop_.no_timer()) loop_.cancel(deadline_);
  deadline_ = loop_.no_timer();
  if (timed_out_) return conclude(true, "timed out");
  if (WIFSIGNALED(status)) {
    return conclude(true, "killed by signal " + std::to_string(WTERMSIG(status)));
  }
  const int code = WEXITSTATUS(status);
  conclude(code != 0, "exit code " + std::to_string(code));
}

// The next one keeps to the rhythm of the first, or comes at once when the command took too long.
void Reloader::conclude(bool failed, std::string outcome) {
  pid_ = -1;
  timed_out_ = false;
  ReloadRecord& record = records_.back();
  record.took = loop_.now() - launched_;
  record.failed = failed;
  record.outcome = std::move(outcome);
  if (plan_.count != 0 && records_.size() >= plan_.count) return;
  const auto turn = static_cast<int>(records_.size()) + 1;
  loop_.at(std::max(started_ + plan_.every * turn, loop_.now()), [this] { launch(); });
}

}  // namespace hupd::torture
