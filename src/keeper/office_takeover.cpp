// Who asks, and the master that takes over.
#include "keeper/office.hpp"
#include "os/fd_info.hpp"

namespace hupd::keeper {

namespace {

constexpr std::uint64_t pause_ms = 50;
constexpr std::size_t most_at_a_time = 64;  // so that nobody keeps it from the others

bool is_pidfd(const os::Fd& fd) { return os::fd_info(fd.get(), "Pid:").has_value(); }

}  // namespace

void Office::hear(Callers::Caller& caller, Letter& letter) {
  look_whether_it_lives();
  const auto& message = letter.message;
  if (message.word == Word::Ask && message.fields.size() == 1) {
    tell(caller, message.fields[0]);
  } else if (message.word == Word::Take && caller.was_told_yours && letter.fds.size() == 1 &&
             is_pidfd(letter.fds[0])) {
    hand_over(caller, std::move(letter.fds[0]));
    letter.fds.clear();
  } else if (message.word == Word::Drop && caller.was_told_yours) {
    custody_.drop();
  }
  settle();
}

void Office::tell(Callers::Caller& caller, const std::string& identity) {
  const auto word = custody_.asked(identity);
  Message answer{word,
                 {std::to_string(master_pid_), custody_.identity(),
                  std::to_string(holdings_.count_workers())}};
  std::vector<int> states;
  if (word == Word::Yours) {
    caller.was_told_yours = true;
    for (const auto& name : holdings_.names_of_state()) {
      answer.fields.push_back(name);
      states.push_back(holdings_.find(name));
    }
  }
  caller.answer(answer, states);
}

void Office::hand_over(Callers::Caller& caller, os::Fd pidfd) {
  if (!custody_.take()) {
    return caller.answer({Word::Taken, {std::to_string(master_pid_), custody_.identity(), "0"}});
  }
  is_master_dead_ = false;
  master_ = caller.leave();
  pidfd_ = std::move(pidfd);
  for (const auto& name : holdings_.names()) to_send_.push_back({Word::Is, {name}});
  to_send_.push_back({Word::All});
  watch_master();
}

void Office::send_on() {
  send_again_.stop();
  for (std::size_t i = 0; i < most_at_a_time && master_ && !to_send_.empty(); ++i) {
    const auto& next = to_send_.front();
    std::vector<int> fds;
    if (next.word == Word::Is) fds.push_back(holdings_.find(next.fields[0]));
    const auto sent = master_.send(next, fds);
    if (!sent && too_many(sent.error())) {
      watch_->wait_for(true, false);
      return send_again_.start(pause_ms);
    }
    if (!sent && has_no_room(sent.error())) break;
    to_send_.pop_front();  // what cannot be sent at all is missed by who takes
  }
  if (watch_) watch_->wait_for(true, !to_send_.empty());
}

}  // namespace hupd::keeper
