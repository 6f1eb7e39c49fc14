// The file descriptor store of the service manager (sd_notify(3), FDSTORE=1): it keeps descriptors
// while this service is started again, and passes them to the next master. How many it takes is
// FileDescriptorStoreMax= of the unit; without it, none.
#pragma once

#include "master/vault.hpp"
#include "os/notify.hpp"

namespace hupd::master {

class ServiceManagerStore : public Keeper {
 public:
  explicit ServiceManagerStore(const os::Notifier& notifier)
      : notifier_(notifier) {}  // outlives it
  void put(const std::string& name, int fd) override;
  void remove(const std::string& name) override;

 private:
  const os::Notifier& notifier_;
};

}  // namespace hupd::master
