// The listening sockets: the master owns them, generations share them.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "master/vault.hpp"
#include "os/fd.hpp"
#include "os/listen.hpp"
#include "os/result.hpp"

namespace hupd::master {

// One open socket. The last owner ends it, closes it and removes its file; as long as it is
// configured, or a worker may accept from it, a generation owns it, so its queue is never lost.
class Listener {
 public:
  Listener(Vault& vault, config::Listen listen, os::Fd fd);  // `vault` outlives it
  Listener(Vault& vault, const image::Listener& image, os::Fd fd);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  const config::Listen& listen() const { return listen_; }  // as configured when it was opened
  const std::string& address() const { return listen_.text; }
  int fd() const { return fd_.get(); }
  image::Key key() const { return key_; }
  image::Listener image() const;
  bool is_inherited() const;  // the service manager has it, too

 private:
  Vault& vault_;
  image::Key key_;
  config::Listen listen_;
  os::Fd fd_;
  std::string socket_file_;                   // empty: none
  std::optional<os::FileIdentity> identity_;  // of that file, if it is ours to remove
};

using ListenerSet = std::vector<std::shared_ptr<Listener>>;
using ListenersByKey = std::map<image::Key, std::shared_ptr<Listener>>;

// All that are open, of all apps.
class Listeners {
 public:
  explicit Listeners(Vault& vault) : vault_(vault) {}

  // Goes on with one of another master's. Kept, if nobody else keeps it, as long as the result is.
  std::shared_ptr<Listener> take_up(const image::Listener& image, os::Fd fd);
  std::vector<image::Listener> image() const;
  // One that the service manager passed on, by its address. Null: it has not.
  std::shared_ptr<Listener> find_inherited(const std::string& address) const;

  // Takes up what the service manager passed on.
  os::Result<void> inherit();

  // When a reload is done: what can be changed on a socket that stays (backlog, mode, owner).
  void adjust(const config::App& app, const ListenerSet& set);

  // Until then an address that is in use is waited for: who has it is about to leave.
  void be_patient_until(std::chrono::milliseconds time) { patient_until_ = time; }

  // Every socket that `app` listens on: the open ones as they are, new ones opened. On an error the
  // new ones are closed again and nothing has changed.
  os::Result<ListenerSet> obtain(const config::App& app);

 private:
  os::Result<ListenerSet> obtain_one(const config::Listen& listen, std::uint32_t backlog);
  os::Error explained(os::Error error, const config::Listen& wanted) const;

  Vault& vault_;
  std::chrono::milliseconds patient_until_{0};
  std::map<std::string, std::weak_ptr<Listener>> open_;  // by address
  std::map<std::string, ListenerSet> inherited_;         // by name; kept for life
};

}  // namespace hupd::master
