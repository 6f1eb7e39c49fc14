// A process of hupd's own that keeps descriptors, where there is no service manager to do so: told
// what to keep, missed when it ends, told to go. Nothing waits for it.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "keeper/line.hpp"
#include "loop/handle.hpp"
#include "master/restarts.hpp"
#include "master/vault.hpp"

namespace hupd::master {

class KeeperProcess : public Keeper {
 public:
  // What the next master is told by, and where and how long it finds it.
  struct About {
    std::string identity;
    std::string directory;
    std::chrono::milliseconds patience;
  };
  // `line`: to the keeper of the master before, if there was one, which has `stored`; else one is
  // started. It is known to `vault`, so that it stays when another program goes on.
  KeeperProcess(uv_loop_t* loop, Vault& vault, About about, keeper::Line line,
                const std::vector<std::string>& stored);
  ~KeeperProcess() override;  // nothing is needed any more

  void put(const std::string& name, int fd) override;
  void remove(const std::string& name) override;
  void has_all() override;
  void is_found_in(const std::string& directory) override;
  void waits_for(std::chrono::milliseconds patience) override;
  control::Keeping told() const override;
  std::optional<os::Pid> process() const override { return pid_; }

 private:
  struct Order {
    keeper::Word word;
    std::string name;  // of what is put or removed: as things are when it is sent
    bool operator==(const Order&) const = default;
  };

  void start();
  os::Result<void> try_start();
  os::Result<void> open_door();
  void attach(keeper::Line line);
  void lost(const std::string& why);
  void hear();
  void add(Order order);
  os::Result<void> send(const Order& order);
  os::Result<void> send_about();
  void flush();

  uv_loop_t* loop_;
  Vault& vault_;
  About about_;
  keeper::Line line_;
  os::Fd door_;                 // until the keeper has it
  std::optional<os::Pid> pid_;  // of one that this process has started
  std::map<std::string, int> wanted_;
  std::set<std::string> sent_;  // and not removed
  std::deque<Order> waiting_;   // each once: no more than there is, and was when it began
  Restarts restarts_;
  std::unique_ptr<loop::ReadableOrWritable> watch_;
  loop::Timer again_;  // sending, or starting
};

}  // namespace hupd::master
