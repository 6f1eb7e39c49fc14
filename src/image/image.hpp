// All that a master knows, as plain data: what another one needs to go on in its place, be it the
// same process with another program, or another process after the first one has died.
//
// Descriptors are not in it but named by it: `KIND-KEY` (`descriptor()`), where a key is a number
// that this master, and whoever goes on for it, never uses twice. Who hands them on says which
// number each has; where one is missing, what it belonged to is lost, and the rest goes on.
//
// The format is a contract between versions of hupd. A new key has a default that makes an older
// image mean what it meant; so a program reads the images of all formats from `oldest_readable` on,
// whatever version wrote them. Only what an older program cannot go on with at all makes `format`
// go up. Images of the past are kept, and read by a test (tests/unit/image/samples).
#pragma once

#include <string_view>

#include "config/settings.hpp"
#include "image/app_image.hpp"

namespace hupd::image {

inline constexpr std::uint32_t format = 1;
inline constexpr std::uint32_t oldest_readable = 1;

// "channel-17"
std::string descriptor(std::string_view kind, Key key);

struct FileIdentity {
  std::uint64_t device = 0, inode = 0;
};

// A listening socket. Descriptor: listener.
struct Listener {
  Key key = 0;
  config::Listen listen;
  std::optional<FileIdentity> file;  // of a unix socket's, if it is the master's to remove
  bool is_of_exporter = false;
};

struct Exporter {
  config::Metrics settings;
  std::vector<Key> listeners;
  std::optional<Child> child;
  Time started_at{0};
  std::uint32_t failures = 0;
  bool leaving = false, stopping = false;
};

struct News {
  std::set<std::string> expected, awaited;
  std::map<std::string, Time> reloading;
  std::map<std::string, std::string> serving;
  bool was_ready = false, told_reloading = false, stopping = false;
};

struct Chronicle {
  std::deque<control::Reload> reloads;
  std::map<std::uint64_t, Time> since;
  std::uint64_t last_number = 0, refused = 0;
};

// What a control client has been promised an answer to.
struct Awaited {
  std::vector<control::Ticket> tickets;
  std::vector<std::string> apps;
  bool drained = false, probation = true, is_taken_back = false, is_upgrade = false;
};
enum class May { Nothing, Ask, Everything };

// Descriptor: client.
struct Client {
  Key key = 0;
  May may = May::Nothing;
  std::optional<Awaited> awaited;
  bool steps = false, watches = false, open = true, expecting = false, ending = false;
  std::vector<std::string> apps;
  json::Bytes in, out;
};

// A descriptor by its name, where the one who reads this has it under that number.
struct Numbered {
  std::string name;
  std::int32_t number = -1;
};

// Descriptors: control, and pid-file and runtime-dir (which are locked).
struct Master {
  std::uint32_t format = image::format;
  std::string hupd;        // the version that wrote it
  std::uint32_t wire = 0;  // what its children speak, wire::version
  std::int32_t pid = 0;
  std::string program;                 // the path that upgrades execute
  std::vector<std::string> arguments;  // of its program, the first one included
  Time started_at{0};
  std::string started;
  control::Past past;
  Key last_key = 0;

  config::Master settings, started_with;  // as last read, and as it was started
  config::Metrics metrics;
  std::vector<std::string> plans;  // of the apps, as last read

  std::string runtime_place, runtime_dir, pid_file, control_path;
  std::optional<FileIdentity> control_file;
  std::vector<Listener> listeners;
  std::vector<App> apps;
  std::map<std::string, core::GenerationId> last_generations;  // of apps that are gone
  bool stopping = false, reload_wanted = false;
  News news;
  Chronicle chronicle;
  Exporter exporter;
  std::vector<Client> clients;
  std::set<std::int32_t> not_ours;  // children that were there before it

  std::vector<Numbered> descriptors;
};

}  // namespace hupd::image
