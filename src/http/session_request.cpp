// Requests, from bytes to the application.
#include <algorithm>
#include <utility>

#include "http/session.hpp"

namespace hupd::http1 {
namespace {

constexpr std::size_t trusted_length = std::size_t{64} * 1024;  // reserved because a client says so

}  // namespace

bool Session::read_head(std::string_view& rest) {
  if (connection_.departs()) {  // the next worker reads it; or this one, if it finds no room
    if (!rest.empty()) connection_.wake();
    return false;
  }
  if (state_ == State::Idle) {
    // Some clients send a stray line end behind a body.
    while (rest.starts_with("\r\n")) rest.remove_prefix(2);
    if (rest.empty() || rest == "\r") return false;
    parser_.begin();
  }
  switch (parser_.read(rest)) {
    case HeadParser::Event::More:
      if (state_ == State::Idle) {
        state_ = State::Head;
        context_.header_limit.set(connection_.deadline());
      }
      return false;
    case HeadParser::Event::Head:
      break;
    case HeadParser::Event::Bad:
      return refuse(parser_.fault());
  }
  const auto checked = check_head(parser_, rest.substr(0, parser_.used()));
  if (const Fault* fault = std::get_if<Fault>(&checked)) return refuse(*fault);
  return take_request(rest, std::get<Head>(checked));
}

bool Session::take_request(std::string_view& rest, const Head& head) {
  const std::string_view text = rest.substr(0, parser_.used());
  rest.remove_prefix(text.size());
  buffered_ = rest.size();
  exchange_.start(head);
  const bool has_body = head.body != Head::Body::None;
  state_ = has_body ? State::Deciding : State::Answering;
  continue_owed_ = head.expects_continue && rest.empty();
  body_.start(head, context_.limits.max_header);

  const bool whole = show_head(describe(text, {})) == HUPD_BODY_WHOLE;
  if (!connection_.is_open()) return false;
  if (exchange_.stage() == hupd_exchange::Stage::Ended) return true;
  if (has_body) return await_body(text, whole);
  if (whole) {
    show_request(text, {});
  } else {
    show_piece({}, true);
  }
  if (exchange_.stage() != hupd_exchange::Stage::Ended) connection_.deadline().cancel();
  return true;
}

bool Session::await_body(std::string_view head, bool whole) {
  if (!whole) {
    if (state_ != State::Paused) state_ = State::Streaming;
  } else if (body_.remaining() > context_.worker.settings.http.max_body) {
    return refuse({413, "the body is larger than http.max_body"});
  } else {
    state_ = State::Collecting;
    collected_.reserve(head.size() + std::min<std::uint64_t>(body_.remaining(), trusted_length));
    collected_ = head;
    head_size_ = head.size();
  }
  if (continue_owed_ && exchange_.stage() == hupd_exchange::Stage::Waiting) {
    continue_owed_ = false;
    outlet_.begin() += "HTTP/1.1 100 Continue\r\n\r\n";
    outlet_.commit();
  }
  if (state_ != State::Paused) context_.body_limit.set(connection_.deadline());
  return true;
}

bool Session::read_body(std::string_view& rest) {
  // Each piece earns the next one its time; what is only thrown away has it once.
  if (!rest.empty() && state_ != State::Discarding) {
    context_.body_limit.set(connection_.deadline());
  }
  const BodyReader::Event event = body_.next(rest);
  buffered_ = rest.size();
  switch (event) {
    case BodyReader::Event::More:
      return false;
    case BodyReader::Event::Piece:
      return take_piece(body_.piece());
    case BodyReader::Event::End:
      return take_end();
    case BodyReader::Event::Bad:
      break;
  }
  return refuse(body_.fault());
}

bool Session::take_piece(std::string_view piece) {
  if (state_ == State::Collecting) {
    if (collected_.size() - head_size_ + piece.size() > context_.worker.settings.http.max_body) {
      return refuse({413, "the body is larger than http.max_body"});
    }
    collected_ += piece;
  } else if (state_ == State::Streaming) {
    show_piece(piece, false);
  } else {
    discarded_ += piece.size();
    if (discarded_ > worth_discarding) hang_up();
  }
  return true;
}

bool Session::take_end() {
  const State before = std::exchange(state_, State::Answering);
  if (before == State::Discarding) {
    await_next();
    return true;
  }
  if (before == State::Collecting) {
    const std::string_view all = collected_;
    show_request(all.substr(0, head_size_), all.substr(head_size_));
    collected_ = {};
  } else {
    show_piece({}, true);
  }
  if (exchange_.stage() != hupd_exchange::Stage::Ended) connection_.deadline().cancel();
  return true;
}

}  // namespace hupd::http1
