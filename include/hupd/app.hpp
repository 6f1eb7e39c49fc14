// hupd in C++: what every application has, whatever height it serves at.
//
// Include <hupd/http.hpp>, <hupd/connection.hpp> or <hupd/listener.hpp>, derive from the Service
// there, and end the source file with HUPD_APP(YourService). One application a library.
//
// An exception that leaves one of your functions is stopped here: in the constructor and in start()
// it becomes the reason of the failure, elsewhere it is logged and answered for as the function
// says.
#ifndef HUPD_APP_HPP
#define HUPD_APP_HPP

#include <charconv>
#include <cstdint>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <hupd/app.h>

namespace hupd {

namespace detail {

inline const hupd_host* host = nullptr;  // set before the application is made

inline std::string_view view(hupd_str text) { return {text.data, text.size}; }
inline hupd_str str(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace detail

// What became of bytes that were to be sent.
enum class Written {
  Taken,  // more may follow at once
  Full,   // taken, but the queue is long: wait until there is room again
  Gone    // not taken: the peer is gone, or the end was written already
};

namespace detail {

inline Written written(int result) {
  if (result == HUPD_WRITTEN) return Written::Taken;
  return result == HUPD_FULL ? Written::Full : Written::Gone;
}

}  // namespace detail

// ---- what one version of an application leaves to another ----

// The version is your own: it tells how to read the bytes. After a deploy, version 3 gets what 2
// wrote; after a rollback, 2 gets what 3 wrote and may refuse it.
struct State {
  std::uint32_t version = 0;
  std::string_view bytes;  // lives until the function that it is given to returns
};

// ---- what a worker leaves to those that follow ----

enum class Moment {
  Serving = HUPD_SERVING,    // a new generation boots and wants to know before it is ready
  Retiring = HUPD_RETIRING,  // the drain begins
  Retired = HUPD_RETIRED     // the last connection is gone
};

struct Legacy {
  std::uint32_t version = 0;
  std::string bytes;
  bool more = false;  // ask for the rest at the next moment
  bool empty = false;
  // Nothing now; ask again.
  static Legacy later() { return {0, {}, true, true}; }
};

struct Inheritance {
  State state;
  std::uint32_t from_worker = 0;
  std::uint64_t from_generation = 0;
  bool heir = false;  // this is the one worker that it counts for: add up counters
};

enum class Inherits {
  OnArrival = HUPD_ON_ARRIVAL,     // while it serves already
  BeforeReady = HUPD_BEFORE_READY  // take() may refuse the deploy
};

// ---- the log: one line each, from any thread ----

inline void error(std::string_view line) { detail::host->log(HUPD_ERROR, detail::str(line)); }
inline void warning(std::string_view line) { detail::host->log(HUPD_WARNING, detail::str(line)); }
inline void info(std::string_view line) { detail::host->log(HUPD_INFO, detail::str(line)); }
inline void debug(std::string_view line) { detail::host->log(HUPD_DEBUG, detail::str(line)); }

// ---- [app.NAME.settings] of the configuration ----

class Settings {
 public:
  // The value at a dotted path ("pool.size"). No value: nothing. A value that is no `Value`: throws
  // std::invalid_argument, which rejects a deploy when it leaves the constructor.
  template <class Value>
  std::optional<Value> find(std::string_view path) const {
    hupd_str text{};
    if (detail::host->setting(detail::str(path), &text) != 0) return std::nullopt;
    return read<Value>(path, detail::view(text));
  }
  template <class Value>
  Value get(std::string_view path, Value otherwise = {}) const {
    return find<Value>(path).value_or(std::move(otherwise));
  }
  // All of it, tables and arrays too.
  std::string_view json() const { return detail::view(detail::host->settings_json()); }

 private:
  template <class Value>
  static Value read(std::string_view path, std::string_view text) {
    if constexpr (std::is_same_v<Value, bool>) {
      if (text == "true" || text == "false") return text == "true";
    } else if constexpr (std::is_arithmetic_v<Value>) {
      Value value{};
      const char* end = text.data() + text.size();
      const auto [stop, fault] = std::from_chars(text.data(), end, value);
      if (fault == std::errc() && stop == end) return value;
    } else {
      return Value(text);
    }
    throw std::invalid_argument("setting " + std::string(path) + " = " + std::string(text) +
                                " is not what is expected there");
  }
};

inline Settings settings() { return {}; }
inline std::string_view settings_json() { return settings().json(); }

// ---- the worker process ----

class Worker {
 public:
  explicit Worker(hupd_worker* handle) : handle_(handle) {}
  uv_loop_s* loop() const { return detail::host->loop(handle_); }
  std::uint64_t generation() const { return detail::host->generation(handle_); }
  std::uint32_t number() const { return detail::host->worker_number(handle_); }

  // After start() has returned Start::Pending.
  void ready() const { detail::host->ready(handle_); }
  void start_failed(std::string_view why) const {
    detail::host->start_failed(handle_, detail::str(why));
  }
  // Until well() the application finds by itself that this worker does not serve well: the log says
  // so, and a canary is ended by it. It serves on.
  void unwell(std::string_view why) const { detail::host->unwell(handle_, detail::str(why)); }
  void well() const { detail::host->well(handle_); }
  hupd_worker* handle() const { return handle_; }

 private:
  hupd_worker* handle_;
};

enum class Start { Ready, Pending };

// ---- whether this worker is well ----

enum class Health { Well, Pending };

// One probe. A copy may be kept for the answer, after probe() has returned Health::Pending.
class Probe {
 public:
  Probe(hupd_worker* worker, std::uint64_t number) : worker_(worker), number_(number) {}
  Worker worker() const { return Worker(worker_); }
  // Too late, or a second time, they do nothing.
  void well() const { detail::host->probe_done(worker_, number_, 1, {}); }
  void failed(std::string_view why) const {
    detail::host->probe_done(worker_, number_, 0, detail::str(why));
  }

 private:
  hupd_worker* worker_;
  std::uint64_t number_;
};

// What the heights' services have in common. The constructor of your service runs in the zygote,
// once for all workers: load tables there; start no thread and open no socket.
class Application {
 public:
  Application() = default;
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;
  virtual ~Application() = default;

  // In each worker: open databases, start threads. Throw to refuse.
  virtual Start start(Worker) { return Start::Ready; }
  // The last call before the worker exits.
  virtual void stop() {}

  // Is this worker well? Asked before it is ready: throw to say no, which rejects a deploy; or
  // answer later, within probe.timeout. Then again and again while it serves: a no is as unwell().
  virtual Health probe(Probe) { return Health::Well; }

  // This worker retires, and others follow: what are they to know? See hupd_moment in app.h. An
  // exception is logged, and nothing is left.
  virtual std::optional<Legacy> leave(Worker, Moment) { return std::nullopt; }
  // What another worker left, perhaps in another version. Throw to refuse: before this worker is
  // ready that rejects a deploy, afterwards it is logged. See take_state in app.h.
  virtual void take(Worker, const Inheritance&) {}
  // To be told before the worker is ready, declare in your service:
  //   static constexpr auto inherits = hupd::Inherits::BeforeReady;
  static constexpr Inherits inherits = Inherits::OnArrival;

 protected:
  static Settings settings() { return {}; }
};

namespace detail {

// Calls `run`; what it throws is told to `report` in words.
template <class Run, class Report>
void guard_or(Run run, Report report) noexcept {
  try {
    run();
  } catch (const std::exception& thrown) {
    report(std::string_view(thrown.what()));
  } catch (...) {
    report(std::string_view("an exception that is no std::exception"));
  }
}

// For callbacks without a better answer to an exception.
template <class Run>
void guard_callback(Run run) noexcept {
  guard_or(run, [](std::string_view what) { error(what); });
}

// For callbacks that may fail: an exception becomes the reason.
template <class Run>
int guard_failure(Run run) noexcept {
  int result = -1;
  guard_or([&] { result = run(); }, [](std::string_view what) { host->fail(str(what)); });
  return result;
}

// A service without a probe of its own has none in its table.
template <class Type, class = void>
inline constexpr bool inherits_probe = false;
template <class Type>
inline constexpr bool inherits_probe<
    Type, std::enable_if_t<std::is_same_v<decltype(&Type::probe), decltype(&Application::probe)>>> =
    true;

// The part of the application's table that every height shares. `Base` is the height's service: the
// pointer that goes through the C interface is a Base*.
template <class Service, class Base>
struct Lifecycle {
  static int create(const hupd_host* with, void** app) noexcept {
    host = with;
    return guard_failure([&] {
      *app = static_cast<Base*>(new Service);
      return 0;
    });
  }
  static int start(void* app, hupd_worker* worker) noexcept {
    return guard_failure([&] {
      const Start result = static_cast<Base*>(app)->start(Worker(worker));
      return result == Start::Ready ? int{HUPD_READY} : int{HUPD_PENDING};
    });
  }
  static void stop(void* app) noexcept {
    guard_callback([&] { static_cast<Base*>(app)->stop(); });
    delete static_cast<Base*>(app);
  }
  static int leave_state(void* app, hupd_worker* worker, int moment, hupd_export* out) noexcept {
    return guard_failure([&] {
      const std::optional<Legacy> legacy =
          static_cast<Base*>(app)->leave(Worker(worker), static_cast<Moment>(moment));
      if (!legacy) return int{HUPD_LEFT};
      if (!legacy->empty) host->state_append(out, legacy->version, str(legacy->bytes));
      return legacy->more ? int{HUPD_LEFT_MORE} : int{HUPD_LEFT};
    });
  }
  static int take_state(void* app, hupd_worker* worker, const hupd_inheritance* from) noexcept {
    return guard_failure([&] {
      static_cast<Base*>(app)->take(Worker(worker), {{from->state.version, view(from->state.bytes)},
                                                     from->from_worker,
                                                     from->from_generation,
                                                     from->heir != 0});
      return 0;
    });
  }

  static int probe(void* app, hupd_worker* worker, std::uint64_t number) noexcept {
    return guard_failure([&] {
      const Health health = static_cast<Base*>(app)->probe(Probe(worker, number));
      return health == Health::Well ? int{HUPD_WELL} : int{HUPD_LATER};
    });
  }

  static constexpr hupd_app table(const char* version, const hupd_listener_ops* listener,
                                  const hupd_connection_ops* connection,
                                  const hupd_http_ops* http) {
    return {sizeof(hupd_app),
            HUPD_ABI_VERSION,
            version,
            create,
            start,
            stop,
            listener,
            connection,
            http,
            leave_state,
            take_state,
            static_cast<std::uint32_t>(Service::inherits),
            inherits_probe<Service> ? nullptr : probe};
  }
};

}  // namespace detail
}  // namespace hupd

extern "C" HUPD_EXPORT const hupd_app hupd_application;

// HUPD_APP(Type) or HUPD_APP(Type, "version"): makes Type the application of this library.
#define HUPD_APP(...) HUPD_APP_PICK_(__VA_ARGS__, HUPD_APP_2_, HUPD_APP_1_, )(__VA_ARGS__)
#define HUPD_APP_PICK_(first, second, chosen, ...) chosen
#define HUPD_APP_1_(Type) HUPD_APP_2_(Type, nullptr)
#define HUPD_APP_2_(Type, version_text) \
  const hupd_app hupd_application = Type::template hupd_table<Type>(version_text);

#endif  // HUPD_APP_HPP
