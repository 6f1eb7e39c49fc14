// The keeper at work: hears its master and who asks, and does what custody says.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "keeper/callers.hpp"
#include "keeper/custody.hpp"
#include "keeper/holdings.hpp"
#include "keeper/line.hpp"
#include "loop/handle.hpp"

namespace hupd::keeper {

class Office {
 public:
  Office(uv_loop_t* loop, Line master);
  Office(const Office&) = delete;
  Office& operator=(const Office&) = delete;

 private:
  void watch_master();
  void hear_master();
  void obey(Letter& letter);
  void lead(Letter& letter);
  void lose_line();
  void look_whether_it_lives();
  bool has_door() const;
  bool is_followed() const;
  void hear(Callers::Caller& caller, Letter& letter);
  void tell(Callers::Caller& caller, const std::string& identity);
  void hand_over(Callers::Caller& caller, os::Fd pidfd);
  void send_on();
  void settle();

  uv_loop_t* loop_;
  Custody custody_;
  Holdings holdings_;
  std::string directory_;
  std::optional<os::FileIdentity> door_;  // the file of its socket
  std::uint64_t master_pid_ = 0;
  bool is_master_dead_ = false;
  Line master_;
  os::Fd pidfd_;
  std::unique_ptr<loop::ReadableOrWritable> watch_;
  std::unique_ptr<loop::Readable> death_;
  std::deque<Message> to_send_;  // to a master that takes over
  Callers callers_;
  loop::Timer send_again_;
  loop::Timer clock_;
  loop::Signal term_;
};

}  // namespace hupd::keeper
