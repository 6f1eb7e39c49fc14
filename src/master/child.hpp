// A child process as the master holds it: its channel, its pidfd, its output.
#pragma once

#include <functional>
#include <memory>

#include "core/types.hpp"
#include "loop/handle.hpp"
#include "master/allowance.hpp"
#include "master/output.hpp"
#include "master/vault.hpp"
#include "os/process.hpp"
#include "wire/link.hpp"

namespace hupd::master {

class Child {
 public:
  // Called for each message that such a child may send, in the order sent. May not destroy it.
  using OnLetter = std::function<void(wire::Letter&)>;
  // Called once, when the other end is closed. May not destroy the child.
  using OnEnd = std::function<void()>;

  // `vault` outlives it.
  Child(uv_loop_t* loop, Vault& vault, ChildName name, wire::Link link, os::Fd output,
        OnLetter on_letter, OnEnd on_end);
  // Goes on with that of another master.
  Child(uv_loop_t* loop, Vault& vault, const image::Child& image, Descriptors& from,
        OnLetter on_letter, OnEnd on_end);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // From now on it can be signalled. Its channel is its life: once that has ended, it has so long
  // to follow, and is killed then.
  void born(os::Pid pid, os::Fd pidfd, std::chrono::milliseconds farewell);
  bool is_born() const { return name_.pid != 0; }
  os::Pid pid() const { return name_.pid; }

  // Never waits. A child whose queue is full does not read: its deadline will find it.
  void send(const wire::Message& message, const std::vector<int>& fds = {});  // failures: the log
  os::Result<void> try_send(const wire::Message& message, const std::vector<int>& fds);
  void signal(os::Signal signal);
  // It is another generation's from now on.
  void becomes(core::GenerationId generation, OnLetter on_letter);
  // It was another master's, which has died. Nothing is done if it has ended already, or its
  // channel is lost: it is not adopted then.
  void adopt(uv_loop_t* loop, int self, loop::Callback on_exit);
  bool is_adopted() const { return exit_ != nullptr; }
  // Of one that was adopted, and is not reaped here: `on_exit` is called once when it has ended.
  void watch_exit(uv_loop_t* loop, loop::Callback on_exit);
  // The child reads an end of file and leaves; all there is for one that was never born.
  void hang_up();
  // From within OnLetter: what it said cannot be. Its channel is closed, and it is killed.
  void object(std::string what) { objection_ = std::move(what); }

  // Handles every message and line that has come, now; of those that come meanwhile, not all.
  void catch_up();

  Output& output() { return output_; }
  image::Child image() const;
  image::Key key() const { return key_; }
  const ChildName& name() const { return name_; }

 private:
  // Why the rest is not to be heard; empty: it is.
  std::string take(wire::Letter& letter);
  void end_for(const std::string& fault, std::vector<os::Fd> fds);
  void ended();
  void await_its_end();
  void kill_outlived();
  void keep();

  Vault& vault_;
  image::Key key_;
  ChildName name_;
  wire::Link link_;
  os::Fd pidfd_;
  OnLetter on_letter_;
  OnEnd on_end_;
  std::unique_ptr<loop::Readable> watch_;  // gone after the end of file
  std::unique_ptr<loop::Readable> exit_;   // of one that was adopted
  Allowance allowance_;
  std::string objection_;
  std::chrono::milliseconds farewell_{0};
  loop::Timer outlived_;
  Output output_;
};

}  // namespace hupd::master
