// The connection height: the host accepts, reads and writes; you get bytes. An echo service:
//
//   #include <hupd/connection.hpp>
//
//   struct Echo : hupd::Protocol {
//     using Protocol::Protocol;
//     std::size_t data(std::string_view bytes) override {
//       connection.write(bytes);
//       return bytes.size();
//     }
//   };
//   HUPD_APP(hupd::ServiceOf<Echo>)
#ifndef HUPD_CONNECTION_HPP
#define HUPD_CONNECTION_HPP

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

#include <hupd/app.hpp>

namespace hupd {

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
  virtual void writable() {}                        // after Written::Full, there is room again
  virtual void ended() { connection.finish(); }     // the peer will send no more
  virtual void draining() { connection.finish(); }  // this worker retires: say goodbye and finish

 protected:
  const Connection connection;
};

class ConnectionService : public Application {
 public:
  // A connection was accepted. Null or an exception: it is closed at once.
  virtual std::unique_ptr<Protocol> open(Connection connection) = 0;

  template <class Type>
  static constexpr hupd_app hupd_table(const char* version);
};

// The service that makes one `Type` for each connection, and nothing else.
template <class Type>
class ServiceOf : public ConnectionService {
 public:
  std::unique_ptr<Protocol> open(Connection connection) override {
    return std::make_unique<Type>(connection);
  }
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

inline int on_open(void* app, hupd_connection* handle, void** state) noexcept {
  int result = -1;
  guard_callback([&] {
    auto made = static_cast<ConnectionService*>(app)->open(Connection(handle));
    if (made == nullptr) return;
    *state = made.release();
    result = 0;
  });
  return result;
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

inline constexpr hupd_connection_ops connection_operations = {
    sizeof(hupd_connection_ops), on_open, on_data, on_writable, on_end, on_drain, on_closed};

}  // namespace detail

template <class Type>
constexpr hupd_app ConnectionService::hupd_table(const char* version) {
  return detail::Lifecycle<Type, ConnectionService>::table(version, nullptr,
                                                           &detail::connection_operations, nullptr);
}

}  // namespace hupd

#endif  // HUPD_CONNECTION_HPP
