#include "connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hupd::torture {
namespace {

constexpr Duration leaving_time = std::chrono::seconds(2);
constexpr Duration backlog_retry = std::chrono::milliseconds(1);

}  // namespace

Connection::Connection(Loop& loop, const Address& to, const Timeouts& timeouts,
                       ConnectionOwner& owner, std::size_t slot)
    : loop_(loop),
      to_(to),
      timeouts_(timeouts),
      owner_(owner),
      slot_(slot),
      deadline_(loop.no_timer()),
      piece_timer_(loop.no_timer()) {}

Connection::~Connection() {
  if (deadline_ != loop_.no_timer()) loop_.cancel(deadline_);
  if (piece_timer_ != loop_.no_timer()) loop_.cancel(piece_timer_);
  close_socket();
}

// Close alone is not enough for epoll: the reload command, just forked, may hold a copy until it
// has executed, and events would come for a connection that is no more.
void Connection::close_socket() {
  if (interest_ != 0) loop_.unwatch(fd_);
  if (fd_ >= 0) ::close(fd_);
  interest_ = 0;
  fd_ = -1;
}

void Connection::open(const Address* source) {
  opened_ = loop_.now();
  connect_deadline_ = opened_ + timeouts_.connect;
  fd_ = ::socket(to_.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ >= 0) {
    const int on = 1;
    if (to_.family() != AF_UNIX) ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (source != nullptr) {
      // The port is chosen by connect(), for this destination only; bind() would reserve it.
      ::setsockopt(fd_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
      ::bind(fd_, source->get(), source->size);
    }
  }
  // In a later turn, so that no outcome is told before the owner has kept this connection.
  deadline_ = loop_.at(loop_.now(), [this] {
    deadline_ = loop_.no_timer();
    connect();
  });
}

void Connection::connect() {
  if (fd_ < 0) return on_end(End::Local, "no socket to be had (descriptors?)");
  if (::connect(fd_, to_.get(), to_.size) == 0) return on_connected();
  if (errno == EAGAIN && to_.family() == AF_UNIX && loop_.now() < connect_deadline_) {
    // The backlog of a unix socket is full: a blocking client would wait, and so do we.
    deadline_ = loop_.at(loop_.now() + backlog_retry, [this] {
      deadline_ = loop_.no_timer();
      connect();
    });
    return;
  }
  if (errno == EINPROGRESS) {
    want(EPOLLOUT);
    return arm_deadline();
  }
  on_end(errno == EAGAIN ? End::TimedOut : end_from(errno), std::strerror(errno));
}

void Connection::want(std::uint32_t events) {
  if (events == interest_) return;
  if (interest_ == 0) {
    loop_.watch(fd_, events, *this);
  } else {
    loop_.rewatch(fd_, events, *this);
  }
  interest_ = events;
}

void Connection::on_connected() {
  state_ = State::Open;
  own_address_ = torture::own_address(fd_);
  want(EPOLLIN);
  if (deadline_ != loop_.no_timer()) loop_.cancel(deadline_);
  deadline_ = loop_.no_timer();
  for (Outstanding& waiting : outstanding_) waiting.deadline = loop_.now() + timeouts_.request;
  for (const Outstanding& waiting : outstanding_) start_sending(waiting.request);
}

void Connection::send(const Request& request) {
  outstanding_.push_back({request, loop_.now() + timeouts_.request});
  if (state_ == State::Open) start_sending(request);
}

void Connection::start_sending(const Request& request) {
  out_.append(request.head);
  body_left_ = request.body;
  if (deadline_ == loop_.no_timer()) arm_deadline();
  if (body_left_ > 0) {
    piece_timer_ = loop_.at(loop_.now() + request.gap, [this] { send_piece(); });
  }
  flush();
}

void Connection::send_piece() {
  piece_timer_ = loop_.no_timer();
  const Request& request = outstanding_.back().request;
  const std::size_t piece = std::min(request.piece, body_left_);
  out_.append(piece, 'x');
  body_left_ -= piece;
  if (body_left_ > 0) {
    piece_timer_ = loop_.at(loop_.now() + request.gap, [this] { send_piece(); });
  }
  flush();
}

void Connection::flush() {
  while (!out_.empty() && !reset_on_write_) {
    const auto sent = ::send(fd_, out_.data(), out_.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      out_.erase(0, static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      break;
    } else {
      // What the server said before it closed is still to be read, and may be a whole response:
      // the read that follows decides, and remembers that this was a reset.
      reset_on_write_ = true;
      out_.clear();
    }
  }
  want(out_.empty() ? EPOLLIN : EPOLLIN | EPOLLOUT);
  if (reader_.done() && !still_asking()) on_response();  // it had come early
}

// Whether the one request that is being answered has not been sent to its end.
bool Connection::still_asking() const {
  return outstanding_.size() == 1 && (body_left_ > 0 || !out_.empty());
}

void Connection::on_events(std::uint32_t events) {
  if (state_ == State::Gone) return;
  if (state_ == State::Connecting) {
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
    return error == 0 ? on_connected() : on_end(end_from(error), std::strerror(error));
  }
  if ((events & EPOLLOUT) != 0) flush();
  if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) read();
}

void Connection::read() {
  static std::array<char, 64 * 1024> buffer;  // one thread
  const auto got = ::recv(fd_, buffer.data(), buffer.size(), 0);
  if (got > 0) {
    take(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
  } else if (got == 0) {
    const bool reset = reset_on_write_;
    on_end(reset ? End::Reset : End::EndOfFile, reset ? "reset while sending" : "end of file");
  } else if (errno != EAGAIN) {
    on_end(end_from(errno), std::strerror(errno));
  }
}

void Connection::take(std::string_view bytes) {
  while (!bytes.empty() && state_ == State::Open) {
    if (outstanding_.empty()) {
      return fail_all(Failure::Malformed, "unasked: " + std::string(bytes.substr(0, 80)));
    }
    bytes.remove_prefix(reader_.feed(bytes));
    if (reader_.malformed()) return fail_all(Failure::Malformed, reader_.reason());
    // An early answer does not excuse us from asking to the end, unless it says that it will close.
    if (reader_.done() && still_asking() && !reader_.response().close) return;
    if (reader_.done()) on_response();
  }
  if (!bytes.empty() && state_ == State::Leaving) {
    fail_all(Failure::Malformed, "bytes behind the last response");
  }
}

void Connection::on_response() {
  const Request request = outstanding_.front().request;
  const Response response = reader_.response();
  reader_.reset();
  outstanding_.pop_front();
  ++answers_;
  // Before the owner is told, since it may want to send the next request at once.
  if (response.close || request.asks_close) state_ = State::Leaving;
  owner_.answered(*this, request, response);
  if (state_ == State::Leaving) leave();
}

void Connection::leave() {
  std::deque<Request> unanswered;
  for (const Outstanding& one : outstanding_) unanswered.push_back(one.request);
  outstanding_.clear();
  if (piece_timer_ != loop_.no_timer()) loop_.cancel(piece_timer_);
  if (deadline_ != loop_.no_timer()) loop_.cancel(deadline_);
  piece_timer_ = loop_.no_timer();
  const bool cut_upload = body_left_ > 0;
  out_.clear();
  deadline_ = loop_.at(loop_.now() + leaving_time, [this] {
    deadline_ = loop_.no_timer();
    close(Ending::Polite);
  });
  // Stopped in mid-question: a reset in answer to that would be our doing, so do not wait for it.
  if (cut_upload) state_ = State::Gone;
  owner_.ended(*this, Ending::Polite, std::move(unanswered));
  if (cut_upload) close(Ending::Polite);
}

Moment Connection::moment() const {
  if (state_ == State::Connecting) return Moment::Connecting;
  if (state_ == State::Leaving) return Moment::Answered;
  if (outstanding_.empty()) return Moment::Idle;
  if (reader_.begun()) return Moment::Responding;
  return answers_ == 0 ? Moment::FirstRequest : Moment::LaterRequest;
}

void Connection::on_end(End end, const std::string& detail) {
  if (end == End::EndOfFile) {
    if (state_ == State::Open && reader_.begun() && reader_.finish()) {
      on_response();  // close-delimited, so it is Leaving now
      return state_ == State::Gone ? void() : close(Ending::Polite);
    }
    if (moment() == Moment::Answered) return close(Ending::Polite);
    if (moment() == Moment::Idle) return close(Ending::Idle);
  }
  fail_all(classify(moment(), end), detail);
}

// Every outstanding request has failed: the first as said, the ones pipelined behind it by the same
// end of the connection, seen before any byte of their responses.
void Connection::fail_all(Failure first, const std::string& detail) {
  owner_.failed(*this, first, detail);
  Failure rest = first;
  if (first == Failure::ResponseCut || first == Failure::ResetWithinResponse ||
      first == Failure::ResetBeforeResponse || first == Failure::ClosedWithoutResponse) {
    rest = answers_ > 0 ? Failure::KeepAliveRace : first;
  }
  for (std::size_t i = 1; i < outstanding_.size(); ++i) owner_.failed(*this, rest, detail);
  close(Ending::Failed);
}

void Connection::close(Ending ending) {
  const bool told = state_ == State::Leaving || (state_ == State::Gone && ending == Ending::Polite);
  state_ = State::Gone;
  if (deadline_ != loop_.no_timer()) loop_.cancel(deadline_);
  if (piece_timer_ != loop_.no_timer()) loop_.cancel(piece_timer_);
  deadline_ = piece_timer_ = loop_.no_timer();
  close_socket();
  if (!told) owner_.ended(*this, ending, {});
  owner_.gone(*this);
}

// One timer a connection, armed anew only when it fires: the common case, an answer in time, costs
// no timer at all.
void Connection::arm_deadline() {
  const Time due = state_ == State::Connecting ? connect_deadline_ : outstanding_.front().deadline;
  deadline_ = loop_.at(due, [this] { on_deadline(); });
}

void Connection::on_deadline() {
  deadline_ = loop_.no_timer();
  if (state_ == State::Connecting) return fail_all(Failure::ConnectTimeout, "no answer to connect");
  if (outstanding_.empty()) return;
  if (outstanding_.front().deadline > loop_.now()) return arm_deadline();
  fail_all(Failure::TimedOut, reader_.begun() ? "within the response" : "no response");
}

void Connection::note_generation(std::string_view generation) {
  if (generations_ > 0 && generation == last_generation_) return;
  last_generation_ = generation;
  ++generations_;
}

}  // namespace hupd::torture
