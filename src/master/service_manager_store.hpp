// The file descriptor store of the service manager (sd_notify(3), FDSTORE=1): it keeps descriptors
// while this service is started again, and passes them to the next master. How many it takes is
// FileDescriptorStoreMax= of the unit; without it, none.
#pragma once

#include <deque>
#include <set>
#include <string>
#include <vector>

#include "loop/handle.hpp"
#include "master/vault.hpp"
#include "os/notify.hpp"

namespace hupd::master {

// The message by which the store forgets it.
std::string removal_from_store(const std::string& name);

// Never waits for the manager: what it has no room for is sent when it has, in order. What has come
// and gone meanwhile is not sent at all, so that no more waits than there is, and was when it
// began.
class ServiceManagerStore : public Keeper {
 public:
  // `notifier` outlives it. `stored`: what the master before has given, under which names.
  ServiceManagerStore(uv_loop_t* loop, const os::Notifier& notifier,
                      const std::vector<std::string>& stored);
  ~ServiceManagerStore() override;
  void put(const std::string& name, int fd) override;
  void remove(const std::string& name) override;

 private:
  struct Message {
    std::string name;
    int fd;  // -1: it is removed
  };
  void add(Message message);
  bool send(const Message& message);
  void flush();

  const os::Notifier& notifier_;
  std::deque<Message> waiting_;
  std::set<std::string> sent_;  // and not removed
  loop::Writable room_;
};

}  // namespace hupd::master
