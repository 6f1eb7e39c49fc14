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

#include <memory>
#include <type_traits>

#include <hupd/app.hpp>
#include <hupd/connection/protocol.hpp>

namespace hupd {

class ConnectionService : public Application {
 public:
  // A connection was accepted. Null or an exception: it is closed at once.
  virtual std::unique_ptr<Protocol> open(Connection connection) = 0;
  // One that another worker's move() described, perhaps in another version. Null or an exception:
  // it cannot go on here; refused() may say goodbye, then it is finished.
  virtual std::unique_ptr<Protocol> adopt(Connection, State) { return nullptr; }
  virtual void refused(Connection) {}

  template <class Type>
  static constexpr hupd_app hupd_table(const char* version);
};

// The service that makes one `Type` for each connection, and nothing else. With a constructor
// Type(Connection, State) it can go on with those of other workers.
template <class Type>
class ServiceOf : public ConnectionService {
 public:
  std::unique_ptr<Protocol> open(Connection connection) override {
    return std::make_unique<Type>(connection);
  }
  std::unique_ptr<Protocol> adopt(Connection connection, State state) override {
    if constexpr (std::is_constructible_v<Type, Connection, State>) {
      return std::make_unique<Type>(connection, state);
    } else {
      return ConnectionService::adopt(connection, state);
    }
  }
};

namespace detail {

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
inline constexpr hupd_connection_ops connection_operations =
    protocol_operations<ConnectionService>(on_open);

}  // namespace detail

template <class Type>
constexpr hupd_app ConnectionService::hupd_table(const char* version) {
  return detail::Lifecycle<Type, ConnectionService>::table(version, nullptr,
                                                           &detail::connection_operations, nullptr);
}

}  // namespace hupd

#endif  // HUPD_CONNECTION_HPP
