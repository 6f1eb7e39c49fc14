// Every key of the configuration, once: its type, its range, its default and what it is for.
#include "config/keys.hpp"

#include "config/ranges.hpp"
#include "config/settings_table.hpp"
#include "config/tables.hpp"

namespace hupd::config {
namespace {

std::vector<Key<Log>> log_keys() {
  return {
      key("level", &Log::level, log_level(), "\"info\"", "The least important lines to write."),
      key("format", &Log::format, log_format(), "\"text\"",
          "One line of text or one JSON object a line."),
      key("file", &Log::file, path(), "\"\"",
          "Appended to, and opened anew on USR1; empty: standard error."),
  };
}

std::vector<Key<Control>> control_keys() {
  return {
      key("path", &Control::path, path(), "\"\"",
          "Empty: /run/hupd/control.sock for root, $XDG_RUNTIME_DIR/hupd/control.sock for others."),
      key("mode", &Control::mode, file_mask(), "\"\"",
          "Who can connect at all; empty: \"0600\", or \"0660\" with a group."),
      key("owner", &Control::owner, user(), "\"\"",
          "A user who may do everything, beside root and the master's own; empty: nobody."),
      key("group", &Control::group, group(), "\"\"",
          "Its members may ask (status, history, wait), but change nothing; empty: nobody."),
  };
}

// `control = "PATH"` is short for a table with the path alone.
Key<Master> control_section() {
  auto made = section("control", &Master::control, control_keys(),
                      "The socket for `hupd reload` and the like; control = \"PATH\" is short.");
  made.read = [whole = made.read](const Value& value, Master& master, Context& context) {
    if (!std::holds_alternative<std::string>(value.data)) return whole(value, master, context);
    if (auto text = path().read(value, context)) master.control.path = std::move(*text);
  };
  return made;
}

}  // namespace

const std::vector<Key<Master>>& master_keys() {
  static const std::vector<Key<Master>> keys = {
      key("pid_file", &Master::pid_file, path(), "\"\"",
          "Where to write the master's process id, under a lock; empty: nowhere."),
      key("runtime_dir", &Master::runtime_dir, path(), "\"\"",
          "For private copies of libraries, on a file system that may run code; empty: chosen."),
      key("orphan_timeout", &Master::orphan_timeout, duration(Millis(0), day), "\"60s\"",
          "When the master dies, workers serve on for so long, in case another one comes; 0s: not "
          "at "
          "all."),
      control_section(),
      section("log", &Master::log, log_keys(), "What is logged, and where to."),
  };
  return keys;
}

const std::vector<Key<Metrics>>& metrics_keys() {
  static const std::vector<Key<Metrics>> keys = {
      key("listen", &Metrics::listen, listen_maybe(), "\"\"",
          "Where http://ADDRESS/metrics is, such as \"127.0.0.1:9100\" or \"unix:/run/m.sock\"; "
          "empty: nowhere."),
      key("user", &Metrics::user, user(), "\"\"",
          "The user that the process that serves it runs as; empty: unchanged."),
  };
  return keys;
}

const std::vector<Key<App>>& app_keys() {
  static const std::vector<Key<App>> keys = {
      required("library", &App::library, required_path(), "\"/srv/web/libweb.so\"",
               "The application; a relative path starts from this file's directory."),
      required("listen", &App::listen, listen(), "[\"127.0.0.1:8080\"]",
               "Addresses to accept connections on."),
      key("check_ownership", &App::check_ownership, flag(), "true",
          "A hupd that is root's refuses a library that anybody else may write, or put something "
          "else in the place of."),
      key("trusted_users", &App::trusted_users, users(), "[]",
          "Who may own the library, and the directories that it is in, beside root; they can "
          "become "
          "root by it."),
      key("trusted_groups", &App::trusted_groups, groups(), "[]",
          "Groups that may write there; the same holds for their members."),
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
      key("drain_timeout", &App::drain_timeout, duration(Millis(0), day), "\"30s\"",
          "For an old worker to finish what it has in hand; then it is terminated."),
      key("stall_timeout", &App::stall_timeout, duration(Millis(0), day), "\"30s\"",
          "A worker without a heartbeat for so long is replaced; 0s: stalls are not looked for."),
      key("kill_timeout", &App::kill_timeout, duration(instant, hour), "\"5s\"",
          "From asking a process to end to killing it."),
      section("reload", &App::reload, reload_keys(), "How a new generation takes over."),
      section("rollback", &App::rollback, rollback_keys(), "What there is to go back to."),
      section("restart", &App::restart, restart_keys(), "How workers that die are replaced."),
      section("recycle", &App::recycle, recycle_keys(),
              "When a worker that is well is relieved by a new one."),
      probe_section(),
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
  append("metrics", describe(metrics_keys()));
  append("app.NAME", describe(app_keys()));
  return all;
}

}  // namespace hupd::config
