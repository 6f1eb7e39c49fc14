#include "connection/connection.hpp"

#include <algorithm>
#include <array>

#include "os/stream_socket.hpp"

namespace hupd::connection {

Connection::Connection(Hub& hub, const Policy& policy, Handler& handler, Incoming incoming)
    : hub_(hub),
      policy_(policy),
      handler_(handler),
      deadline_([](void* self) { static_cast<Connection*>(self)->timed_out(); }, this),
      write_deadline_([](void* self) { static_cast<Connection*>(self)->write_stalled(); }, this),
      peer_(incoming.peer),
      listener_(hub.listener(incoming.listener)) {
  int status = 0;
  if (peer_.is_tcp()) {
    uv_tcp_init(hub.loop(), &handle_.tcp);
    status = uv_tcp_open(&handle_.tcp, incoming.fd.get());
  } else {
    uv_pipe_init(hub.loop(), &handle_.pipe, 0);
    status = uv_pipe_open(&handle_.pipe, incoming.fd.get());
  }
  stream()->data = this;
  write_request_.data = this;
  hub_.add(*this);
  if (status != 0) {
    abort();
    return;
  }
  fd_ = incoming.fd.release();
  if (!incoming.unread.empty()) {
    unread_.assign(incoming.unread);
    wake();
  }
  watch(unread_.size() < policy_.unread_limit ? Reading::On : Reading::Full);
}

const std::string& Connection::peer() {
  if (peer_text_.empty()) peer_text_ = peer_.text();
  return peer_text_;
}

bool Connection::more_to_read() const { return !peer_ended_ && os::has_unread_bytes(fd_); }

bool Connection::is_busy() const {
  switch (phase_) {
    case Phase::Open:
      return handler_.is_busy();
    case Phase::Flushing:
      return true;
    case Phase::Lingering:
    case Phase::Closing:
      break;
  }
  return false;
}

Written Connection::write(std::span<const std::string_view> pieces) {
  if (phase_ != Phase::Open) return Written::Gone;
  std::size_t sent = 0;
  if (queue_.empty()) {
    std::array<uv_buf_t, 4> buffers;
    unsigned count = 0;
    for (const std::string_view piece : pieces) {
      if (count == buffers.size()) break;
      buffers[count++] =
          uv_buf_init(const_cast<char*>(piece.data()),
                      static_cast<unsigned>(std::min<std::size_t>(piece.size(), UINT32_MAX / 2)));
    }
    const int result = uv_try_write(stream(), buffers.data(), count);
    if (result < 0 && result != UV_EAGAIN) {
      abort();
      return Written::Gone;
    }
    sent = result > 0 ? static_cast<std::size_t>(result) : 0;
    hub_.counters().bytes_written += sent;
  }
  const bool was_empty = queue_.empty();
  for (std::string_view piece : pieces) {
    const std::size_t done = std::min(sent, piece.size());
    sent -= done;
    queue_.push(piece.substr(done));
  }
  if (was_empty && !queue_.empty()) send_front();
  if (queue_.size() < policy_.write_high_mark) return Written::Taken;
  told_full_ = true;
  return Written::Full;
}

void Connection::send_front() {
  std::string& block = queue_.front();
  const uv_buf_t buffer = uv_buf_init(block.data(), static_cast<unsigned>(block.size()));
  queued_at_check_ = block.size();
  limit_stall();
  const int status =
      uv_write(&write_request_, stream(), &buffer, 1, [](uv_write_t* request, int result) {
        static_cast<Connection*>(request->data)->sent(result);
      });
  if (status != 0) abort();
}

void Connection::sent(int status) {
  if (phase_ == Phase::Closing) return;
  if (status != 0) return abort();
  hub_.counters().bytes_written += queue_.front().size();
  queue_.pop_front();
  if (queue_.empty()) {
    write_deadline_.cancel();
  } else {
    send_front();
  }
  if (phase_ == Phase::Flushing && queue_.empty()) return half_close();
  if (phase_ != Phase::Open) return;
  handler_.on_progress();
  if (queue_.empty()) {
    handler_.on_flushed();
    hub_.may_depart(*this);
  }
  if (phase_ == Phase::Open && told_full_ && queue_.size() <= policy_.write_high_mark / 2) {
    told_full_ = false;
    handler_.on_writable();
  }
}

// A block may go out in parts, which only libuv's own count shows.
void Connection::write_stalled() {
  const std::size_t left = uv_stream_get_write_queue_size(stream());
  if (left < queued_at_check_) {
    queued_at_check_ = left;
    return limit_stall();
  }
  ++hub_.counters().timeouts;
  abort();
}

// Without a limit of its own, a flush may stall no longer than the lingering that follows it.
void Connection::limit_stall() {
  const bool own_limit = policy_.write_timeout.count() != 0 || phase_ == Phase::Open;
  hub_.deadlines()
      .limit(own_limit ? policy_.write_timeout : policy_.linger_timeout)
      .set(write_deadline_);
}

}  // namespace hupd::connection
