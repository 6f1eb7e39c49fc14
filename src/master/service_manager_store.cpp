#include "master/service_manager_store.hpp"

#include "os/listen.hpp"

namespace hupd::master {

namespace {

std::string named(const std::string& name) {
  return "\nFDNAME=" + std::string(os::stored_prefix) + name;
}

}  // namespace

// Without FDPOLL=0 it would forget a channel whose worker has ended with its last words in it.
void ServiceManagerStore::put(const std::string& name, int fd) {
  notifier_.send_with("FDSTORE=1\nFDPOLL=0" + named(name), fd);
}

void ServiceManagerStore::remove(const std::string& name) {
  notifier_.send("FDSTOREREMOVE=1" + named(name));
}

}  // namespace hupd::master
