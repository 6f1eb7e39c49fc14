// Who may have what is kept, and until when: the keeper's decisions, without a clock or a call.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "keeper/message.hpp"

namespace hupd::keeper {

// It has a master (Led). When that one dies it waits for another (Orphaned), who says that he goes
// on (Taking) and has done so (Led); or there is nothing to wait for (Over).
class Custody {
 public:
  using Time = std::chrono::milliseconds;
  enum class State { Led, Taking, Orphaned, Over };

  State state() const { return state_; }
  const std::string& identity() const { return identity_; }

  // What its master says. `patience`: how long it is waited for after its death.
  void led(std::string identity, Time patience);
  void settled();
  void ended() { state_ = State::Over; }

  // `can_go_on`: there is something that another one could go on with.
  void master_died(bool can_go_on, Time now);
  // It has closed its channel. One that dies does so a moment before it is dead; one that lives has
  // given this keeper up.
  void hung_up(Time now);

  Word asked(const std::string& identity) const;
  bool take();  // false: somebody was faster
  void drop();
  // By a signal, which goes to all processes of a service that is to end. As long as there is a
  // master it is that one's affair.
  void asked_to_leave() { drop(); }

  std::optional<Time> deadline() const { return deadline_; }
  void pass(Time now);

 private:
  State state_ = State::Led;
  std::string identity_;
  Time patience_{0};
  std::optional<Time> deadline_;
};

}  // namespace hupd::keeper
