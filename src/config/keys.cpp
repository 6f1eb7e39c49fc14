// Every key of the configuration, once: its type, its range, its default and what it is for.
#include "config/keys.hpp"

#include "config/settings_table.hpp"
#include "config/tables.hpp"

namespace hupd::config {
namespace {

using namespace std::chrono_literals;

constexpr Millis instant = 1ms;
constexpr Millis hour = 1h;
constexpr Millis day = 24h;
constexpr Bytes kib = 1024;
constexpr Bytes mib = 1024 * kib;
constexpr Bytes gib = 1024 * mib;

std::vector<Key<Log>> log_keys() {
  return {
      key("level", &Log::level, log_level(), "\"info\"", "The least important lines to write."),
      key("format", &Log::format, log_format(), "\"text\"",
          "One line of text or one JSON object a line."),
      key("file", &Log::file, path(), "\"\"",
          "Appended to, and opened anew on USR1; empty: standard error."),
  };
}

std::vector<Key<Reload>> reload_keys() {
  return {
      key("surge", &Reload::surge, surge(), "\"100%\"",
          "How many new workers start at a time, as a number or as a part of `workers`."),
      key("max_draining", &Reload::max_draining, count(1, 1000), "4",
          "How many old generations may drain at a time; the next reload waits until one is gone, "
          "at most for drain_timeout."),
  };
}

std::vector<Key<Restart>> restart_keys() {
  return {
      key("backoff_first", &Restart::backoff_first, duration(instant, hour), "\"100ms\"",
          "The wait before a worker's second replacement; the first is at once, later ones double "
          "it."),
      key("backoff_cap", &Restart::backoff_cap, duration(instant, hour), "\"30s\"",
          "The longest wait before a replacement."),
      key("jitter", &Restart::jitter_percent, percent(), "\"20%\"",
          "How far a wait may be off at random, so that workers do not return in step."),
      key("stable_after", &Restart::stable_after, duration(0ms, day), "\"10s\"",
          "A worker that served this long counts as good again: its next replacement is at once."),
  };
}

std::vector<Key<Connection>> connection_keys() {
  return {
      key("read_buffer", &Connection::read_buffer, size(4 * kib, 64 * mib), "\"64KiB\"",
          "Unread bytes that a connection may hold before reading pauses."),
      key("write_high_mark", &Connection::write_high_mark, size(4 * kib, gib), "\"256KiB\"",
          "Queued bytes from which a connection asks its writer to wait."),
      key("idle_timeout", &Connection::idle_timeout, duration(0ms, day), "\"0s\"",
          "Closes a connection on which nothing moves (not HTTP, which has its own); 0s: never."),
      key("linger_timeout", &Connection::linger_timeout, duration(0ms, hour), "\"2s\"",
          "How long a closed connection is still read, so that the peer gets the last bytes; 0s: "
          "not at all."),
  };
}

std::vector<Key<Http>> http_keys() {
  return {
      key("header_timeout", &Http::header_timeout, duration(instant, day), "\"30s\"",
          "From the first byte of a request to the end of its headers."),
      key("body_timeout", &Http::body_timeout, duration(instant, day), "\"30s\"",
          "Between two pieces of a request's body."),
      key("idle_timeout", &Http::idle_timeout, duration(instant, day), "\"75s\"",
          "Between two requests on one connection."),
      key("write_timeout", &Http::write_timeout, duration(instant, day), "\"30s\"",
          "Without progress in sending a response."),
      key("max_header", &Http::max_header, size(256, 16 * mib), "\"16KiB\"",
          "Request line and headers together; more is answered 431."),
      key("max_target", &Http::max_target, size(16, 16 * mib), "\"8KiB\"",
          "The target in the request line; more is answered 414."),
      key("max_body", &Http::max_body, size(0, 1024 * gib), "\"1MiB\"",
          "A body that is collected for the application; more is answered 413."),
      key("max_headers", &Http::max_headers, count(1, 10'000), "100",
          "The number of header lines; more is answered 431."),
  };
}

std::vector<Key<Handover>> handover_keys() {
  return {key("max_state", &Handover::max_state, size(64 * kib, gib), "\"16MiB\"",
              "Of a connection, state and unread bytes together; or of what a worker leaves."),
          key("balance", &Handover::balance, count(0, 100'000), "0",
              "Connections a second that a worker with more than its share may give to others.")};
}

}  // namespace

const std::vector<Key<Master>>& master_keys() {
  static const std::vector<Key<Master>> keys = {
      key("pid_file", &Master::pid_file, path(), "\"\"",
          "Where to write the master's process id, under a lock; empty: nowhere."),
      key("runtime_dir", &Master::runtime_dir, path(), "\"\"",
          "For private copies of libraries, on a file system that may run code; empty: chosen."),
      section("log", &Master::log, log_keys(), "What is logged, and where to."),
  };
  return keys;
}

const std::vector<Key<App>>& app_keys() {
  static const std::vector<Key<App>> keys = {
      required("library", &App::library, required_path(), "\"/srv/web/libweb.so\"",
               "The application; a relative path starts from this file's directory."),
      required("listen", &App::listen, listen(), "[\"127.0.0.1:8080\"]",
               "Addresses to accept connections on."),
      key("workers", &App::workers, workers(), "\"auto\"",
          "Worker processes; \"auto\": one per CPU that the process may use."),
      key("backlog", &App::backlog, count(1, 65'535), "4096",
          "Connections that may wait to be accepted, on each address; the kernel's somaxconn caps "
          "it."),
      key("preload", &App::preload, flag(), "true",
          "Load the library once and fork workers from there; false: each worker loads it by "
          "itself."),
      key("user", &App::user, user(), "\"\"", "The user that workers run as; empty: unchanged."),
      key("group", &App::group, group(), "\"\"",
          "Their group; empty: the user's. A user who is a number without an account needs one."),
      key("groups", &App::groups, groups(), "[]",
          "Their supplementary groups; empty: those of the user."),
      key("no_new_privs", &App::no_new_privs, flag(), "true",
          "Workers cannot gain privileges by executing a set-user-ID program."),
      key("umask", &App::umask, file_mask(), "\"\"",
          "File mode bits that workers take away, such as \"0027\"; empty: unchanged."),
      key("directory", &App::directory, path(), "\"\"",
          "The workers' working directory; empty: unchanged."),
      key("environment", &App::environment, environment(), "{}",
          "Variables added to the environment of workers, such as { LANG = \"C.UTF-8\" }."),
      key("limits", &App::limits, limits(), "{}",
          "Resource limits, such as { nofile = 65536, core = \"unlimited\", as = [\"1GiB\", "
          "\"2GiB\"] }."),
      key("boot_timeout", &App::boot_timeout, duration(instant, day), "\"30s\"",
          "For loading the library, and for each worker to become ready."),
      key("drain_timeout", &App::drain_timeout, duration(0ms, day), "\"30s\"",
          "For an old worker to finish what it has in hand; then it is terminated."),
      key("stall_timeout", &App::stall_timeout, duration(0ms, day), "\"30s\"",
          "A worker without a heartbeat for so long is replaced; 0s: stalls are not looked for."),
      key("kill_timeout", &App::kill_timeout, duration(instant, hour), "\"5s\"",
          "From asking a process to end to killing it."),
      section("reload", &App::reload, reload_keys(), "How a new generation takes over."),
      section("restart", &App::restart, restart_keys(), "How workers that die are replaced."),
      section("connection", &App::connection, connection_keys(), "Every accepted connection."),
      section("http", &App::http, http_keys(), "HTTP applications."),
      section("handover", &App::handover, handover_keys(),
              "How living connections move to other workers."),
      settings_table(),
  };
  return keys;
}

std::vector<Description> describe_keys() {
  std::vector<Description> all;
  const auto append = [&all](const std::string& table, std::vector<Description> keys) {
    for (Description& key : keys) {
      key.table = table + (key.table.empty() ? "" : "." + key.table);
      all.push_back(std::move(key));
    }
  };
  append("master", describe(master_keys()));
  append("app.NAME", describe(app_keys()));
  return all;
}

}  // namespace hupd::config
