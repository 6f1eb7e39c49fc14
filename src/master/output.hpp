// What a child writes to its standard output and error: relayed to the log, the end of it kept.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "log/logger.hpp"
#include "loop/handle.hpp"
#include "os/fd.hpp"
#include "os/pipe.hpp"

namespace hupd::master {

// The name of a process in the log.
struct ChildName {
  std::string app;               // empty: of no app
  std::uint64_t generation = 0;  // 0: of none
  std::uint32_t slot = 0;        // 0: the zygote
  int pid = 0;                   // 0: not known yet

  log::Subject subject() const;
};

std::string in_one_line(const std::vector<std::string>& lines);  // `"…" | "…"`

class Output {
 public:
  // `name` outlives it. Without a pipe it has ended.
  Output(uv_loop_t* loop, os::Fd pipe, const ChildName& name);
  // What another master had read of it.
  void resume(std::string partial, std::deque<std::string> last_lines);

  // Reads and relays what is there now; called before a child's end is told, so that its last
  // words are known by then.
  void catch_up() { take(os::whole_pipe); }

  // The last lines, the newest last, in one line for a reason: `"…" | "…"`. Empty: it was silent.
  std::string last_words() const;
  const std::deque<std::string>& last_lines() const { return last_; }
  const std::string& partial() const { return partial_; }  // a line whose end has not come
  int fd() const { return watch_ ? pipe_.get() : -1; }     // -1: it has ended

 private:
  void on_readable();
  void take(std::size_t most);
  void relay(std::string_view line);

  const ChildName& name_;
  os::Fd pipe_;
  std::unique_ptr<loop::Readable> watch_;  // gone at the end of file
  loop::Timer again_;                      // while the log asks for a pause
  std::string partial_;
  std::deque<std::string> last_;
};

}  // namespace hupd::master
