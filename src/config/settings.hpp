// The configuration as plain data: every key with its default. The one source of keys and defaults
// is the table in config/keys.cpp, and a test holds conf/hupd.toml against it.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "config/settings_life.hpp"
#include "config/settings_master.hpp"

namespace hupd::config {

constexpr std::uint64_t unlimited = UINT64_MAX;  // in App::limits

struct TcpAddress {
  std::string host;  // literal address without brackets ("0.0.0.0", "::"); names are not looked up
  std::uint16_t port = 0;
  bool v6_only = true;
  bool operator==(const TcpAddress&) const = default;
};
struct UnixAddress {
  std::string path;  // absolute
  std::uint32_t mode = 0666;
  std::string owner;  // user name or number; empty: unchanged
  std::string group;
  bool operator==(const UnixAddress&) const = default;
};
struct InheritedAddress {
  std::string name;  // FileDescriptorName= of the socket unit
  bool operator==(const InheritedAddress&) const = default;
};

struct Listen {
  // Its identity, and what log lines say: one spelling an address ("0.0.0.0:80" for ":80"), so that
  // a reload that only spells it differently does not bind it anew.
  std::string text;
  std::variant<TcpAddress, UnixAddress, InheritedAddress> address;
  bool operator==(const Listen&) const = default;
};

struct Connection {
  Bytes read_buffer = 64UL * 1024;       // unread bytes a connection may hold
  Bytes write_high_mark = 256UL * 1024;  // queued bytes from which writers are told HUPD_FULL
  Millis idle_timeout{0};                // connection height only; 0: never
  Millis linger_timeout{2'000};          // reading to the peer's end after shutdown

  bool operator==(const Connection&) const = default;
};

struct Handover {
  Bytes max_state = 16UL * 1024 * 1024;  // a connection's state and unread bytes together
  std::uint32_t balance = 0;  // connections a second that a worker may give away; 0: none
  bool operator==(const Handover&) const = default;
};

struct Http {
  Millis header_timeout{30'000};   // first byte of a head to its end
  Millis body_timeout{30'000};     // between two pieces of a request body
  Millis idle_timeout{75'000};     // keep-alive, between requests
  Millis write_timeout{30'000};    // no progress in sending a response
  Bytes max_header = 16UL * 1024;  // request line and headers
  Bytes max_target = 8UL * 1024;
  Bytes max_body = 1024UL * 1024;  // collected bodies (HUPD_BODY_WHOLE)
  std::uint32_t max_headers = 100;

  bool operator==(const Http&) const = default;
};

struct App {
  std::string name;
  std::string library;                      // absolute
  bool check_ownership = true;              // of the library, by a master that is root's
  std::vector<std::string> trusted_users;   // who may own it and what it is in, beside root
  std::vector<std::string> trusted_groups;  // that may write there
  std::vector<Listen> listen;
  std::uint32_t workers = 0;  // resolved: "auto" is the CPUs that the process may use
  std::uint32_t backlog = 4096;
  bool preload = true;

  std::string user, group;          // name or number; empty: unchanged
  std::vector<std::string> groups;  // supplementary; empty: the user's
  bool no_new_privs = true;
  std::optional<std::uint32_t> umask;
  std::string directory;                                                  // empty: unchanged
  std::map<std::string, std::string> environment;                         // added to the master's
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> limits;  // "nofile": soft, hard

  Millis boot_timeout{30'000};
  Millis drain_timeout{30'000};
  Millis stall_timeout{30'000};  // 0: stalls are not looked for
  Millis kill_timeout{5'000};

  Reload reload;
  Rollback rollback;
  Restart restart;
  Recycle recycle;
  Probe probe;
  Connection connection;
  Http http;
  Handover handover;

  std::string settings_json = "{}";                  // [app.NAME.settings] whole
  std::map<std::string, std::string> settings_text;  // its scalars by dotted path

  // This table as TOML text after flags and defaults: config::parse_plan(plan) gives the same App.
  // It is how the zygote, a process of its own, learns of it.
  std::string plan;

  bool operator==(const App&) const = default;
};

// Where the metrics are served, by a process of hupd's own.
struct Metrics {
  std::vector<Listen> listen;  // empty: nowhere
  std::string user;            // of that process: name or number; empty: unchanged
  bool operator==(const Metrics&) const = default;
};

struct Settings {
  Master master;
  std::vector<App> apps;  // in the order of the file
  Metrics metrics;
  bool operator==(const Settings&) const = default;
};

}  // namespace hupd::config
