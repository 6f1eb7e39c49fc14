// One connection, and what you do with it: of the connection height, or upgraded from HTTP.
#ifndef HUPD_CONNECTION_PROTOCOL_HPP
#define HUPD_CONNECTION_PROTOCOL_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <hupd/app.hpp>

namespace hupd {

// Whether a connection may go to another worker, and with what.
class Move {
 public:
  // The host carries the bytes to adopt(), in a worker that may run another version of this
  // library.
  static Move now(std::uint32_t version, std::string bytes) {
    return {HUPD_MOVE, version, std::move(bytes)};
  }
  // Something is in hand that only this worker can finish. Asked again after the connection's next
  // event, or after connection.movable().
  static Move not_now() { return {HUPD_NOT_NOW, 0, {}}; }
  static Move never() { return {HUPD_NEVER, 0, {}}; }  // draining() follows

  int answer() const { return answer_; }
  std::uint32_t version() const { return version_; }
  const std::string& bytes() const { return bytes_; }

 private:
  Move(int answer, std::uint32_t version, std::string bytes)
      : answer_(answer), version_(version), bytes_(std::move(bytes)) {}
  int answer_;
  std::uint32_t version_;
  std::string bytes_;
};

// A handle, to be copied freely. Dead once its Protocol is destroyed.
class Connection {
 public:
  explicit Connection(hupd_connection* handle) : handle_(handle) {}

  Written write(std::string_view bytes) const {
    return detail::written(detail::host->connection_write(handle_, detail::str(bytes)));
  }
  // Write what is queued, say goodbye and close; the peer loses nothing.
  void finish() const { detail::host->connection_finish(handle_); }
  void abort() const { detail::host->connection_abort(handle_); }  // unsent bytes are lost
  void pause() const { detail::host->connection_pause(handle_); }  // no more data() until resume()
  void resume() const { detail::host->connection_resume(handle_); }
  // Finish it when nothing was read or written for so long; 0: never.
  void timeout(std::chrono::milliseconds idle) const {
    detail::host->connection_timeout(handle_, static_cast<std::uint64_t>(idle.count()));
  }
  void movable() const { detail::host->connection_movable(handle_); }  // after Move::not_now()
  // That accepted it, as the configuration writes it.
  std::string_view listener() const {
    return detail::view(detail::host->connection_listener(handle_));
  }
  std::string_view peer() const { return detail::view(detail::host->connection_peer(handle_)); }
  Worker worker() const { return Worker(detail::host->connection_worker(handle_)); }

 private:
  hupd_connection* handle_;
};

// What you do with one connection. Destroyed when the connection has closed, however it ended. An
// exception is logged and aborts the connection.
class Protocol {
 public:
  explicit Protocol(Connection with) : connection(with) {}
  Protocol(const Protocol&) = delete;
  Protocol& operator=(const Protocol&) = delete;
  virtual ~Protocol() = default;

  // Returns how many of the bytes were used; the rest comes again, in front of the next ones.
  virtual std::size_t data(std::string_view bytes) = 0;
  virtual void writable() {}                     // after Written::Full, there is room again
  virtual void ended() { connection.finish(); }  // the peer will send no more
  // This worker retires, and the connection cannot move: say goodbye and finish.
  virtual void draining() { connection.finish(); }

  // This worker retires and others serve. Write down what they need to know to go on; bytes that
  // data() has not used go along by themselves. Asked only when everything written has been sent,
  // perhaps several times: the connection goes on here until moved().
  virtual Move move() { return Move::never(); }
  virtual void moved() {}  // another worker has it; this object is destroyed next

 protected:
  const Connection connection;
};

namespace detail {

inline Protocol& protocol(void* state) { return *static_cast<Protocol*>(state); }

template <class Run>
void guard_connection(hupd_connection* handle, Run run) noexcept {
  guard_or(run, [&](std::string_view what) {
    error(what);
    host->connection_abort(handle);
  });
}

inline std::size_t on_data(void*, hupd_connection* handle, void* state, hupd_str bytes) noexcept {
  std::size_t used = bytes.size;
  guard_connection(handle, [&] { used = protocol(state).data(view(bytes)); });
  return used;
}
inline void on_writable(void*, hupd_connection* handle, void* state) noexcept {
  guard_connection(handle, [&] { protocol(state).writable(); });
}
inline void on_end(void*, hupd_connection* handle, void* state) noexcept {
  guard_connection(handle, [&] { protocol(state).ended(); });
}
inline void on_drain(void*, hupd_connection* handle, void* state) noexcept {
  guard_connection(handle, [&] { protocol(state).draining(); });
}
inline void on_closed(void*, hupd_connection*, void* state) noexcept { delete &protocol(state); }

// What cannot be written down stays: an exception is a `never`.
inline int on_export(void*, hupd_connection*, void* state, hupd_export* out) noexcept {
  int answer = HUPD_NEVER;
  guard_callback([&] {
    const Move move = protocol(state).move();
    if (move.answer() == HUPD_MOVE) host->state_append(out, move.version(), str(move.bytes()));
    answer = move.answer();
  });
  return answer;
}
inline void on_moved(void*, hupd_connection*, void* state) noexcept {
  guard_callback([&] { protocol(state).moved(); });
  delete &protocol(state);
}
template <class Service>
int on_adopt(void* app, hupd_connection* handle, const hupd_state* exported,
             void** state) noexcept {
  int result = -1;
  guard_callback([&] {
    auto made = static_cast<Service*>(app)->adopt(Connection(handle),
                                                  State{exported->version, view(exported->bytes)});
    if (made == nullptr) return;
    *state = made.release();
    result = 0;
  });
  return result;
}
template <class Service>
void on_refused(void* app, hupd_connection* handle) noexcept {
  guard_callback([&] { static_cast<Service*>(app)->refused(Connection(handle)); });
}

// For a service with adopt() and refused(); `open` is what new connections begin with.
template <class Service>
constexpr hupd_connection_ops protocol_operations(int (*open)(void*, hupd_connection*, void**)) {
  return {sizeof(hupd_connection_ops),
          open,
          on_data,
          on_writable,
          on_end,
          on_drain,
          on_closed,
          on_export,
          on_moved,
          on_adopt<Service>,
          on_refused<Service>};
}

}  // namespace detail
}  // namespace hupd

#endif  // HUPD_CONNECTION_PROTOCOL_HPP
