// The file descriptor store of the service manager (sd_notify(3), FDSTORE=1): it keeps descriptors
// while this service is started again, and passes them to the next master. How many it takes is
// FileDescriptorStoreMax= of the unit; without it, none.
#pragma once

#include <deque>
#include <memory>

#include "loop/handle.hpp"
#include "master/vault.hpp"
#include "os/notify.hpp"

namespace hupd::master {

// The message by which the store forgets it.
std::string removal_from_store(const std::string& name);

// Never waits for the manager: what it has no room for is sent when it has, in order.
class ServiceManagerStore : public Keeper {
 public:
  ServiceManagerStore(uv_loop_t* loop, const os::Notifier& notifier);  // which outlives it
  ~ServiceManagerStore() override;
  void put(const std::string& name, int fd) override;
  void remove(const std::string& name) override;

 private:
  struct Message {
    std::string name;
    int fd;  // -1: it is removed
  };
  void add(Message message);
  bool send(const Message& message) const;
  void flush();

  const os::Notifier& notifier_;
  std::deque<Message> waiting_;
  loop::Writable room_;
};

}  // namespace hupd::master
