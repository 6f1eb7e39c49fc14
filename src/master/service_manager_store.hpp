// The file descriptor store of the service manager (sd_notify(3), FDSTORE=1): it keeps descriptors
// while this service is started again, and passes them to the next master. How many it takes is
// FileDescriptorStoreMax= of the unit; without it, none.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "loop/handle.hpp"
#include "master/vault.hpp"
#include "os/notify.hpp"

namespace hupd::master {

// Where the manager does not say how many it keeps: FileDescriptorStoreMax of the shipped unit.
inline constexpr std::size_t shipped_store_limit = 4096;

// The message by which the store forgets it.
std::string removal_from_store(const std::string& name);

// Never waits for the manager: while it is slow to read, messages wait here, in order. What has
// come and gone meanwhile is not sent at all, so that no more waits than there is, and was when it
// began. Beyond its limit it would drop them without a word: such wait until others are removed.
class ServiceManagerStore : public Keeper {
 public:
  // `notifier` outlives it. `stored`: what the master before has given, under which names. `most`:
  // that it keeps (FileDescriptorStoreMax).
  ServiceManagerStore(uv_loop_t* loop, const os::Notifier& notifier,
                      const std::vector<std::string>& stored, std::size_t most);
  ~ServiceManagerStore() override;
  void put(const std::string& name, int fd) override;
  void remove(const std::string& name) override;
  control::Keeping told() const override;

 private:
  struct Message {
    std::string name;
    int fd;  // -1: it is removed
  };
  void add(Message message);
  void give_room();
  bool send(const Message& message);
  void flush();

  const os::Notifier& notifier_;
  std::deque<Message> waiting_;
  std::set<std::string> given_;          // and not removed: sent, or waiting to be
  std::set<std::string> sent_;           // and not removed
  std::map<std::string, int> left_out_;  // for want of room in the store
  std::size_t most_;
  bool told_full_ = false;
  loop::Writable room_;
};

}  // namespace hupd::master
