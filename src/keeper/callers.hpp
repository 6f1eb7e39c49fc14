// Who comes to ask for what is kept: a few at a time, of this user or root, each for a short time.
#pragma once

#include <functional>
#include <list>
#include <memory>

#include "keeper/line.hpp"
#include "loop/handle.hpp"
#include "loop/watches.hpp"

namespace hupd::keeper {

class Callers {
 public:
  class Caller {
   public:
    // What cannot be sent at once ends the conversation.
    void answer(const Message& message, const std::vector<int>& fds = {});
    Line leave();  // its connection is somebody else's from now on

    bool was_told_yours = false;

   private:
    friend class Callers;
    Line line_;
    std::unique_ptr<loop::Readable> watch_;
    std::unique_ptr<loop::Timer> patience_;
    bool is_done_ = false;
  };
  using OnLetter = std::function<void(Caller&, Letter&)>;

  Callers(uv_loop_t* loop, OnLetter on_letter) : loop_(loop), on_letter_(std::move(on_letter)) {}
  Callers(const Callers&) = delete;
  Callers& operator=(const Callers&) = delete;

  // Where they come to from now on.
  void open(os::Fd door);

 private:
  void welcome();
  void hear(Caller& caller);
  void dismiss(Caller& caller);

  uv_loop_t* loop_;
  OnLetter on_letter_;
  os::Fd door_;
  std::unique_ptr<loop::Watches> watch_;  // of the door, which rests while there is no room
  std::list<Caller> callers_;
};

}  // namespace hupd::keeper
