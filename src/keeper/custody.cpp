#include "keeper/custody.hpp"

namespace hupd::keeper {

namespace {

constexpr Custody::Time longest_death{5'000};

}  // namespace

void Custody::led(std::string identity, Time patience) {
  identity_ = std::move(identity);
  patience_ = patience;
}

void Custody::settled() {
  if (state_ == State::Taking) state_ = State::Led;
}

void Custody::master_died(bool can_go_on, Time now) {
  if (state_ != State::Led && state_ != State::Taking) return;
  state_ = can_go_on && patience_.count() > 0 ? State::Orphaned : State::Over;
  deadline_ = now + patience_;
}

void Custody::hung_up(Time now) {
  if (state_ == State::Led || state_ == State::Taking) deadline_ = now + longest_death;
}

Word Custody::asked(const std::string& identity) const {
  switch (state_) {
    case State::Led:
      return Word::Led;
    case State::Taking:
      return identity == identity_ ? Word::Taken : Word::Led;
    case State::Orphaned:
      return identity == identity_ ? Word::Yours : Word::Others;
    case State::Over:
      break;
  }
  return Word::Led;  // nothing is to be had; it leaves at once
}

bool Custody::take() {
  if (state_ != State::Orphaned) return false;
  state_ = State::Taking;
  deadline_.reset();
  return true;
}

void Custody::drop() {
  if (state_ == State::Orphaned) state_ = State::Over;
}

void Custody::pass(Time now) {
  if (deadline_ && now >= *deadline_) state_ = State::Over;
}

}  // namespace hupd::keeper
