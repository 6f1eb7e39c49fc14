// What ends a session: the peer, the time, a fault, the worker's own end.
#include "http/session.hpp"

namespace hupd::http1 {

void Session::on_end() {
  switch (state_) {
    case State::Paused:     // what is unread may complete the request
    case State::Answering:  // half closed: the client still reads
    case State::Over:
      return;
    case State::Idle:
    case State::Head:
    case State::Deciding:
    case State::Collecting:
    case State::Streaming:
    case State::Discarding:
      if (exchange_.stage() != hupd_exchange::Stage::Ended) hang_up();
      return;
  }
}

void Session::on_release() {
  const bool at_rest = state_ == State::Idle && !is_busy() && !connection_.has_unread();
  if (at_rest && !connection_.more_to_read()) hang_up();
}

void Session::on_timeout() {
  switch (state_) {
    case State::Head:
      refuse({408, "the head took longer than http.header_timeout"});
      return;
    case State::Collecting:
    case State::Streaming:
      refuse({408, "the body paused for longer than http.body_timeout"});
      return;
    case State::Idle:
    case State::Deciding:
    case State::Discarding:
    case State::Paused:
    case State::Answering:
    case State::Over:
      hang_up();
      return;
  }
}

// Answers for the application when it has not begun to, and ends the connection.
bool Session::refuse(const Fault& fault) {
  ++context_.worker.counters.refused;
  context_.log(HUPD_DEBUG, "peer=" + connection_.peer() +
                               " status=" + std::to_string(fault.status) + " " + fault.reason);
  if (exchange_.stage() == hupd_exchange::Stage::None) {
    exchange_.start({.is_head_method = parser_.target().size > 0 && parser_.method() == "HEAD"});
  }
  if (exchange_.stage() == hupd_exchange::Stage::Waiting) exchange_.refuse(fault);
  hang_up();
  return true;
}

void Session::hang_up() {
  state_ = State::Over;
  connection_.finish();
  exchange_.stop();  // given up: `closed` is told that it is not complete
  release_exchange();
}

bool Session::may_persist() const {
  const bool has_unread_body = state_ != State::Answering;
  if (has_unread_body) {
    const bool is_large = body_.knows_remaining() && body_.remaining() > worth_discarding;
    if (continue_owed_ || is_large) return false;
  }
  // The last response of a draining worker says so; not one with another request behind it, which
  // the client would have to send anew.
  if (!connection_.is_draining()) return true;
  const bool more_is_here = in_step_ ? buffered_ > 0 : connection_.has_unread();
  return more_is_here || connection_.more_to_read();
}

bool Session::is_busy() const {
  return connection_.has_queued_writes() || (state_ != State::Idle && state_ != State::Over);
}

void Session::on_closed() {
  exchange_.stop();  // as above
  release_exchange();
  delete this;
}

}  // namespace hupd::http1
