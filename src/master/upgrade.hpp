// Another program in the place of this one: the hupd that is on disk now, in the same process.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "image/image.hpp"
#include "loop/handle.hpp"
#include "master/vault.hpp"
#include "os/files.hpp"
#include "os/process.hpp"
#include "os/reap.hpp"

namespace hupd::master {

// First a child of that program looks at an image of this master, whether it could go on with it;
// only then is this one's place taken. Whatever is wrong is found out by the child, and this master
// goes on.
class Upgrade {
 public:
  struct Program {
    std::string file;
    std::vector<std::string> arguments;  // the first one included
    std::string identity;                // see master.hpp
  };
  using Capture = std::function<image::Master()>;
  // Who may be the author of the program, see os::open_trusted(); asked anew at each upgrade.
  using Trusted = std::function<os::Result<os::Trust>()>;
  using OnRefused = std::function<void(const std::string& why)>;

  Upgrade(uv_loop_t* loop, Vault& vault, Program program, Trusted trusted, Capture capture,
          OnRefused on_refused);

  // One more request while one is under way is the same.
  void request();
  bool is_under_way() const { return check_ != nullptr || is_wanted_ || refused_; }
  bool exited(const os::Reaped& reaped);  // true: it was its child

  // Before the loop waits, when nothing is half done: this is the moment. Returns if it is not, or
  // if it fails. Who asked is told here, not from within the request.
  void settle();

 private:
  struct Check {
    os::Pid pid = 0;
    os::Fd pidfd, output;
    std::optional<os::FileState> file;
    bool is_late = false;
  };

  os::Result<void> examine() const;
  os::Result<void> begin();
  void refuse(const std::string& why);
  void go();

  Vault& vault_;
  Program program_;
  Trusted trusted_;
  Capture capture_;
  OnRefused on_refused_;
  std::unique_ptr<Check> check_;
  std::optional<os::FileState> checked_;
  bool is_wanted_ = false;
  std::optional<std::string> refused_;  // and nobody was told yet
  loop::Timer deadline_;
};

}  // namespace hupd::master
