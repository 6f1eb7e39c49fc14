#include "keeper/office.hpp"

#include <csignal>

#include "keeper/keeper.hpp"
#include "os/clock.hpp"
#include "os/discard.hpp"
#include "os/process.hpp"

namespace hupd::keeper {

namespace {

std::string door_in(const std::string& directory) { return directory + "/" + socket_name; }

}  // namespace

Office::Office(uv_loop_t* loop, Line master)
    : loop_(loop),
      master_(std::move(master)),
      callers_(loop, [this](auto& caller, auto& letter) { hear(caller, letter); }),
      send_again_(loop, [this] { send_on(); }),
      clock_(loop,
             [this] {
               custody_.pass(os::monotonic_now());
               settle();
             }),
      term_(loop, SIGTERM, [this] {
        look_whether_it_lives();
        custody_.asked_to_leave();
        settle();
      }) {
  watch_master();
}

void Office::watch_master() {
  watch_ = std::make_unique<loop::ReadableOrWritable>(loop_, master_.fd(), [this] {
    hear_master();
    send_on();
    settle();
  });
  watch_->wait_for(true, !to_send_.empty());
  if (!pidfd_) return;
  death_ = std::make_unique<loop::Readable>(loop_, pidfd_.get(), [this] {
    look_whether_it_lives();
    settle();
  });
}

void Office::hear_master() {
  for (;;) {
    if (!master_) return;
    auto delivery = master_.receive();
    if (std::holds_alternative<os::WouldBlock>(delivery)) return;
    if (std::holds_alternative<os::EndOfFile>(delivery)) return lose_line();
    auto* letter = std::get_if<Letter>(&delivery);
    if (letter == nullptr) return custody_.ended();  // it has another one in its place soon
    obey(*letter);
    os::discard(std::move(letter->fds));
  }
}

void Office::lose_line() {
  watch_.reset();
  master_ = Line();
  to_send_.clear();
  if (!pidfd_) return custody_.ended();  // it had not yet begun
  custody_.hung_up(os::monotonic_now());
}

void Office::obey(Letter& letter) {
  const auto& fields = letter.message.fields;
  const auto word = letter.message.word;
  const bool is_named = !fields.empty();
  if (word == Word::Lead) {
    lead(letter);
  } else if (word == Word::Put && is_named && letter.fds.size() == 1) {
    holdings_.put(fields[0], std::move(letter.fds[0]));
    letter.fds.clear();
  } else if (word == Word::Remove && is_named) {
    holdings_.remove(fields[0]);
  } else if (word == Word::Renew) {
    holdings_.renew();
  } else if (word == Word::Settled) {
    holdings_.settled();
    custody_.settled();
  } else {
    custody_.ended();  // End, or what it would not say
  }
}

void Office::lead(Letter& letter) {
  const auto& message = letter.message;
  auto& fds = letter.fds;
  if (message.fields.size() != 4 || fds.empty() || fds.size() > 2) return custody_.ended();
  custody_.led(message.fields[0], Custody::Time(number_in(message, 2)));
  directory_ = message.fields[1];
  master_pid_ = number_in(message, 3);
  death_.reset();
  pidfd_ = std::move(fds[0]);
  if (fds.size() == 2) {
    door_ = os::file_at(door_in(directory_));
    callers_.open(std::move(fds[1]));
  }
  fds.clear();
  watch_.reset();
  watch_master();
}

// The next master comes to it.
bool Office::has_door() const { return door_ && os::file_at(door_in(directory_)) == door_; }

// Another keeper has its place, since its master had given this one up: all files are that one's.
bool Office::is_followed() const { return !has_door() && os::file_at(door_in(directory_)); }

// By its pidfd: another process may have a copy of its end of the channel for a moment. What it has
// sent before is heard before.
void Office::look_whether_it_lives() {
  if (is_master_dead_ || !pidfd_ || !os::has_ended(pidfd_.get())) return;
  hear_master();
  is_master_dead_ = true;
  death_.reset();
  watch_.reset();
  master_ = Line();
  to_send_.clear();
  custody_.master_died(has_door() && holdings_.can_be_gone_on_with(directory_),
                       os::monotonic_now());
}

void Office::settle() {
  clock_.stop();
  if (custody_.state() == Custody::State::Over) {
    if (is_master_dead_ && !is_followed()) {
      holdings_.close_and_tidy(directory_);
    } else {
      holdings_.close();
    }
    return uv_stop(loop_);
  }
  const auto deadline = custody_.deadline();
  if (!deadline) return;
  const auto left = *deadline - os::monotonic_now();
  clock_.start(static_cast<std::uint64_t>(std::max<std::int64_t>(left.count(), 0)));
}

}  // namespace hupd::keeper
