// The life of a session: from event to event, and its end.
#include "http/session.hpp"

namespace hupd::http1 {

Session::Session(Context& context, connection::Incoming incoming)
    : context_(context),
      parser_(context.limits),
      exchange_(*this),
      connection_(context.hub, context.policy, *this, std::move(incoming)),
      outlet_(connection_, context.outgoing) {
  if (connection_.is_open()) context_.idle_limit.set(connection_.deadline());
}

std::size_t Session::on_data(std::string_view bytes) {
  std::string_view rest = bytes;
  in_step_ = true;
  while (connection_.is_open() && step(rest)) {
  }
  in_step_ = false;
  if (connection_.peer_ended()) on_end();
  return bytes.size() - rest.size();
}

bool Session::step(std::string_view& rest) {
  if (exchange_.stage() == hupd_exchange::Stage::Ended) return settle();
  switch (state_) {
    case State::Idle:
    case State::Head:
      return read_head(rest);
    case State::Collecting:
    case State::Streaming:
    case State::Discarding:
      return read_body(rest);
    case State::Deciding:
    case State::Paused:
    case State::Answering:
      return false;
    case State::Over:
      break;
  }
  rest = {};
  return false;
}

// The response is complete: once the kernel has it, the request is over.
bool Session::settle() {
  if (connection_.has_queued_writes()) return false;  // on_flushed() follows
  ++context_.worker.counters.requests;
  const bool persists = exchange_.keeps_connection();
  const bool has_unread_body = state_ != State::Answering;
  const bool agreed = !exchange_.client_keeps_connection() && !has_unread_body;
  release_exchange();
  if (!connection_.is_open()) return false;
  if (!persists) {
    state_ = State::Over;
    connection_.finish(agreed ? connection::Parting::Agreed : connection::Parting::Abrupt);
    return true;
  }
  if (has_unread_body) {
    state_ = State::Discarding;
    discarded_ = 0;
    context_.body_limit.set(connection_.deadline());
  } else {
    await_next();
  }
  return true;
}

void Session::await_next() {
  state_ = State::Idle;
  context_.idle_limit.set(connection_.deadline());
}

void Session::response_ended() {
  if (!in_step_) connection_.wake();
}

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
  exchange_.stop();
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
  exchange_.stop();
  release_exchange();
  delete this;
}

}  // namespace hupd::http1
