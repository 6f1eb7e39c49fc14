// Reading, and how a connection ends.
#include "connection/connection.hpp"
#include "os/stream_socket.hpp"

namespace hupd::connection {

void Connection::watch(Reading reading) {
  reading_ = reading;
  if (reading != Reading::On || peer_ended_) {
    uv_read_stop(stream());
    return;
  }
  uv_read_start(
      stream(),
      [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
        auto& self = *static_cast<Connection*>(handle->data);
        const std::span<char> room =
            self.unread_.empty() || self.phase_ != Phase::Open
                ? self.hub_.read_buffer()
                : self.unread_.room(self.policy_.unread_limit - self.unread_.size());
        *buffer = uv_buf_init(room.data(), static_cast<unsigned>(room.size()));
      },
      [](uv_stream_t* stream, ssize_t count, const uv_buf_t* buffer) {
        static_cast<Connection*>(stream->data)->read(count, buffer->base);
      });
}

void Connection::read(ssize_t count, const char* base) {
  if (count == 0) return;  // EAGAIN
  if (count == UV_EOF) {
    peer_ended_ = true;
    if (phase_ == Phase::Open) return handler_.on_end();
    if (phase_ == Phase::Lingering) abort();
    return;
  }
  if (count < 0) return abort();
  const auto size = static_cast<std::size_t>(count);
  hub_.counters().bytes_read += size;
  if (phase_ != Phase::Open) return;
  handler_.on_progress();
  if (unread_.empty()) return deliver({base, size});
  unread_.added(size);
  deliver(unread_.view());
}

void Connection::deliver(std::string_view bytes) {
  const std::size_t used = handler_.on_data(bytes);
  if (phase_ != Phase::Open) {
    unread_.assign({});
  } else if (unread_.empty()) {
    unread_.assign(bytes.substr(used));
  } else {
    unread_.drop_front(used);
  }
  if (phase_ != Phase::Open) return;
  hub_.may_depart(*this);
  if (reading_ == Reading::Paused) return;
  const Reading wanted = unread_.size() < policy_.unread_limit ? Reading::On : Reading::Full;
  if (wanted != reading_) watch(wanted);
}

void Connection::run() {
  if (phase_ == Phase::Open && reading_ != Reading::Paused) deliver(unread_.view());
}

void Connection::pause() {
  if (phase_ == Phase::Open) watch(Reading::Paused);
}

void Connection::resume() {
  if (phase_ != Phase::Open || reading_ != Reading::Paused) return;
  watch(unread_.size() < policy_.unread_limit ? Reading::On : Reading::Full);
  if (!unread_.empty()) wake();
}

void Connection::finish(Parting parting) {
  if (phase_ != Phase::Open) return;
  parting_ = parting;
  phase_ = Phase::Flushing;
  deadline_.cancel();
  if (queue_.empty()) return half_close();
  limit_stall();
  watch(Reading::On);
}

void Connection::half_close() {
  if (parting_ == Parting::Agreed && !os::has_unread_bytes(fd_)) return abort();
  os::shut_down_writing(fd_);
  if (peer_ended_ || policy_.linger_timeout.count() == 0) return abort();
  phase_ = Phase::Lingering;
  hub_.deadlines().limit(policy_.linger_timeout).set(deadline_);
  if (reading_ != Reading::On) watch(Reading::On);
}

void Connection::timed_out() {
  if (phase_ == Phase::Lingering) return abort();
  ++hub_.counters().timeouts;
  handler_.on_timeout();
}

void Connection::abort() {
  if (phase_ == Phase::Closing) return;
  phase_ = Phase::Closing;
  deadline_.cancel();
  write_deadline_.cancel();
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_), [](uv_handle_t* handle) {
    auto& self = *static_cast<Connection*>(handle->data);
    Hub& hub = self.hub_;
    hub.remove(self, !self.passed_on_);
    if (self.moved_) {
      self.handler_.on_moved();
    } else {
      self.handler_.on_closed();
    }
    hub.report_if_empty();
  });
}

}  // namespace hupd::connection
