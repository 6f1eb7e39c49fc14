// The listener height: the listening sockets are yours, with the loop to serve them on.
#ifndef HUPD_LISTENER_HPP
#define HUPD_LISTENER_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <hupd/app.hpp>

namespace hupd {

// Shared with every worker: never close(), shutdown() or listen() it.
struct Listener {
  std::string_view address;  // as the configuration writes it
  int fd;                    // non-blocking
};

class ListenerService : public Application {
 public:
  // The switch to this generation: begin to accept. Throw to refuse.
  virtual void listen(Worker worker, const std::vector<Listener>& listeners) = 0;
  // Stop accepting, finish what is in hand, then call drained(worker).
  virtual void drain(Worker worker) = 0;
  // One that another worker handed over, perhaps in another version. True: it is yours, close `fd`
  // in the end. False or an exception: the host closes it.
  virtual bool adopt(Worker, int /*fd*/, std::string_view /*listener*/, State) { return false; }

  template <class Type>
  static constexpr hupd_app hupd_table(const char* version);

 protected:
  // After drain(): offers a connection to the workers that serve, with what they need to know.
  enum class Handed {
    Over,    // they have it: close(fd), and never shutdown() it
    NotNow,  // there is no room: try again in some milliseconds
    Never    // nobody takes over, or the state is too large: say goodbye
  };
  static Handed hand_over(Worker worker, int fd, std::string_view listener, State state) {
    const hupd_state raw{state.version, detail::str(state.bytes)};
    switch (detail::host->hand_over(worker.handle(), fd, detail::str(listener), &raw)) {
      case HUPD_MOVE:
        return Handed::Over;
      case HUPD_NOT_NOW:
        return Handed::NotNow;
      default:
        return Handed::Never;
    }
  }
  static void drained(Worker worker) { detail::host->drained(worker.handle()); }
  // For the status that hupd shows.
  static void count_connections(Worker worker, std::int64_t change) {
    detail::host->count_connections(worker.handle(), change);
  }
  static void count_requests(Worker worker, std::uint64_t served) {
    detail::host->count_requests(worker.handle(), served);
  }
};

namespace detail {

inline int on_listen(void* app, hupd_worker* worker, const hupd_listener* listeners,
                     std::size_t count) noexcept {
  return guard_failure([&] {
    std::vector<Listener> all;
    for (std::size_t i = 0; i < count; ++i) {
      all.push_back({view(listeners[i].address), listeners[i].fd});
    }
    static_cast<ListenerService*>(app)->listen(Worker(worker), all);
    return 0;
  });
}
inline void on_listener_drain(void* app, hupd_worker* worker) noexcept {
  guard_callback([&] { static_cast<ListenerService*>(app)->drain(Worker(worker)); });
}

inline int on_listener_adopt(void* app, hupd_worker* worker, int fd, hupd_str listener,
                             const hupd_state* state) noexcept {
  bool taken = false;
  guard_callback([&] {
    taken = static_cast<ListenerService*>(app)->adopt(Worker(worker), fd, view(listener),
                                                      State{state->version, view(state->bytes)});
  });
  return taken ? 0 : -1;
}

inline constexpr hupd_listener_ops listener_operations = {sizeof(hupd_listener_ops), on_listen,
                                                          on_listener_drain, on_listener_adopt};

}  // namespace detail

template <class Type>
constexpr hupd_app ListenerService::hupd_table(const char* version) {
  return detail::Lifecycle<Type, ListenerService>::table(version, &detail::listener_operations,
                                                         nullptr, nullptr);
}

}  // namespace hupd

#endif  // HUPD_LISTENER_HPP
