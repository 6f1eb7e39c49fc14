// The life of a session, from step to step.
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
  if (exchange_.stage() == hupd_exchange::Stage::Ended) {
    if (connection_.has_queued_writes()) return false;  // on_flushed() follows
    return exchange_.has_upgraded() ? go_on_upgraded(rest) : settle();
  }
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

}  // namespace hupd::http1
