// Where descriptors are known by name, so that another master can go on with them.
//
// Every descriptor that another master would need is told to the vault when it is there, and again
// when it is gone. The names are those of image/image.hpp.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "control/status.hpp"
#include "image/image.hpp"
#include "os/fd.hpp"
#include "os/process.hpp"

namespace hupd::master {

// Somebody beside this process who holds copies of descriptors, until this master or one that
// follows it says otherwise.
class Keeper {
 public:
  Keeper() = default;
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;
  virtual ~Keeper() = default;
  virtual void put(const std::string& name, int fd) = 0;
  virtual void remove(const std::string& name) = 0;

  // This master has put all that it goes on with: what another one had given is not needed.
  virtual void has_all() {}
  // The runtime directory is this one from now on, and this is how long workers serve on alone.
  virtual void is_found_in(const std::string&) {}
  virtual void waits_for(std::chrono::milliseconds) {}
  virtual control::Keeping told() const = 0;
  // The child of the master's that it is, if it is one.
  virtual std::optional<os::Pid> process() const { return std::nullopt; }
};

// Whether a descriptor is of use when this process has died, or only while it lives.
enum class Lasts { WithProcess, Beyond };

class Descriptors;

class Vault {
 public:
  // Whoever holds those that last beyond this process; nobody: nothing does.
  void set_keeper(std::unique_ptr<Keeper> keeper);
  bool has_keeper() const { return keeper_ != nullptr; }
  Keeper* keeper() const { return keeper_.get(); }  // nullptr: nobody

  image::Key new_key() { return ++last_key_; }
  image::Key last_key() const { return last_key_; }
  void set_last_key(image::Key key) { last_key_ = key; }

  // The descriptor stays the caller's, who drops it before closing it.
  void keep(std::string_view kind, image::Key key, int fd, Lasts lasts = Lasts::WithProcess);
  void drop(std::string_view kind, image::Key key);

  // What another master had kept and nobody has taken up: it is not to be kept for ever.
  void forget(const Descriptors& others) const;

  // All that are kept.
  std::vector<image::Numbered> numbered() const;

 private:
  struct Kept {
    int fd;
    Lasts lasts;
  };
  image::Key last_key_ = 0;
  std::map<std::string, Kept> kept_;
  std::unique_ptr<Keeper> keeper_;
};

// Those that another one has kept. What nobody takes is closed.
class Descriptors {
 public:
  void add(std::string name, os::Fd fd) { fds_.insert_or_assign(std::move(name), std::move(fd)); }
  os::Fd take(std::string_view kind, image::Key key);  // empty: it is not there
  std::vector<std::string> names() const;

 private:
  std::map<std::string, os::Fd> fds_;
};

}  // namespace hupd::master
