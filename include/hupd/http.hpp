// The http height: answer requests. The whole of a small service:
//
//   #include <hupd/http.hpp>
//
//   struct Hello : hupd::http::Service {
//     hupd::http::Response handle(const hupd::http::Request&) override {
//       return hupd::http::text("hello\n");
//     }
//   };
//   HUPD_APP(Hello)
//
// Answering later, or bit by bit: override serve() and keep exchange.later(), a Responder. Taking
// large bodies as they come: override receive() and return an Upload. Going on in another protocol,
// such as WebSocket: exchange.upgrade(), with a Protocol as the connection height has it.
#ifndef HUPD_HTTP_HPP
#define HUPD_HTTP_HPP

#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include <hupd/app.hpp>
#include <hupd/connection/protocol.hpp>
#include <hupd/http/message.hpp>
#include <hupd/http/responder.hpp>

namespace hupd::http {

class Service : public Application {
 public:
  // One of these two has to be overridden. An exception is logged and answered with 500.
  virtual Response handle(const Request&) { return status(404); }
  virtual void serve(const Request& request, Exchange& exchange) {
    exchange.respond(handle(request));
  }

  // Asked when the head of a request has come, its body empty yet. Null: the body is collected, up
  // to http.max_body, and serve() called. To refuse the request, respond at once.
  virtual std::unique_ptr<Upload> receive(const Request&, Exchange&) { return nullptr; }

  // An upgraded connection that another worker's Protocol described, perhaps in another version.
  // Null or an exception: it cannot go on here; refused() may say goodbye, then it is finished.
  virtual std::unique_ptr<Protocol> adopt(Connection, State) { return nullptr; }
  virtual void refused(Connection) {}

  template <class Type>
  static constexpr hupd_app hupd_table(const char* version);
};

namespace detail {

// Runs what belongs to one exchange; an exception ends it.
template <class Run>
void guard_exchange(hupd_exchange* handle, Run run) noexcept {
  hupd::detail::guard_or(run, [&](std::string_view what) { give_up(handle, what); });
}

inline int on_head(void* app, hupd_exchange* handle, const hupd_request* request) noexcept {
  int mode = HUPD_BODY_WHOLE;
  guard_exchange(handle, [&] {
    Exchange exchange(handle);
    auto upload = static_cast<Service*>(app)->receive(Request(*request, handle), exchange);
    if (upload == nullptr) return;
    link_of(handle)->upload = std::move(upload);
    mode = HUPD_BODY_PIECES;
  });
  return mode;
}

inline void on_body(void*, hupd_exchange* handle, hupd_str piece, int last) noexcept {
  guard_exchange(handle, [&] {
    const SharedLink link = link_of(handle);
    if (link->upload == nullptr) return;
    if (piece.size != 0) link->upload->piece(hupd::detail::view(piece));
    if (last == 0) return;
    link->upload->ended();
    if (!link->has_responder) give_up(handle, "an upload ended and nobody responds to it");
  });
}

inline void on_request(void* app, hupd_exchange* handle, const hupd_request* request) noexcept {
  guard_exchange(handle, [&] {
    Exchange exchange(handle);
    static_cast<Service*>(app)->serve(Request(*request, handle), exchange);
    if (exchange.is_answered()) return;
    const SharedLink* link = find_link(handle);
    if (link == nullptr || !(*link)->has_responder) {
      give_up(handle, "serve() returned without a response and without a Responder kept");
    }
  });
}

inline void on_writable(void*, hupd_exchange* handle) noexcept {
  if (const SharedLink* found = find_link(handle); found != nullptr && (*found)->writable) {
    guard_exchange(handle, [callback = (*found)->writable] { callback(); });
  }
}

inline void on_closed(void*, hupd_exchange* handle, int completed) noexcept {
  if (find_link(handle) == nullptr) return;
  hupd::detail::guard_callback([&] { unlink(handle, completed != 0); });
}

inline int on_upgraded(void*, hupd_connection* handle, void** state) noexcept {
  const std::unique_ptr<Upgrade> make(static_cast<Upgrade*>(std::exchange(*state, nullptr)));
  int result = -1;
  hupd::detail::guard_callback([&] {
    if (make == nullptr) return;
    auto made = (*make)(Connection(handle));
    if (made == nullptr) return;
    *state = made.release();
    result = 0;
  });
  return result;
}

inline constexpr hupd_connection_ops upgraded_operations =
    hupd::detail::protocol_operations<Service>(on_upgraded);

// `head` is only asked of a service that overrides receive(): the others are spared the call.
template <class Type, class = void>
inline constexpr bool inherits_receive = false;
template <class Type>
inline constexpr bool inherits_receive<
    Type, std::enable_if_t<std::is_same_v<decltype(&Type::receive), decltype(&Service::receive)>>> =
    true;

template <class Type>
inline constexpr hupd_http_ops operations = {sizeof(hupd_http_ops),
                                             inherits_receive<Type> ? nullptr : on_head,
                                             on_body,
                                             on_request,
                                             on_writable,
                                             on_closed,
                                             &upgraded_operations};

}  // namespace detail

template <class Type>
constexpr hupd_app Service::hupd_table(const char* version) {
  return hupd::detail::Lifecycle<Type, Service>::table(version, nullptr, nullptr,
                                                       &detail::operations<Type>);
}

}  // namespace hupd::http

#endif  // HUPD_HTTP_HPP
