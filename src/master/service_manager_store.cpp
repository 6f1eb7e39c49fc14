#include "master/service_manager_store.hpp"

#include <algorithm>

#include "os/listen.hpp"

namespace hupd::master {

namespace {

std::string named(const std::string& name) {
  return "\nFDNAME=" + std::string(os::stored_prefix) + name;
}

}  // namespace

std::string removal_from_store(const std::string& name) { return "FDSTOREREMOVE=1" + named(name); }

ServiceManagerStore::ServiceManagerStore(uv_loop_t* loop, const os::Notifier& notifier,
                                         const std::vector<std::string>& stored)
    : notifier_(notifier),
      sent_(stored.begin(), stored.end()),
      room_(loop, notifier.fd(), [this] { flush(); }) {}

// A manager that does not read loses what it keeps when the service has ended, too.
ServiceManagerStore::~ServiceManagerStore() { flush(); }

void ServiceManagerStore::put(const std::string& name, int fd) {
  std::erase_if(waiting_, [&](const auto& one) { return one.name == name && one.fd >= 0; });
  add({name, fd});
}

// The descriptor may be closed from now on.
void ServiceManagerStore::remove(const std::string& name) {
  std::erase_if(waiting_, [&](const auto& one) { return one.name == name && one.fd >= 0; });
  if (sent_.erase(name) != 0) add({name, -1});
}

void ServiceManagerStore::add(Message message) {
  if (waiting_.empty() && send(message)) return;
  waiting_.push_back(std::move(message));
  room_.start();
}

// Without FDPOLL=0 it would forget a channel whose worker has ended with its last words in it.
bool ServiceManagerStore::send(const Message& message) {
  if (message.fd < 0) return notifier_.send_with(removal_from_store(message.name), -1);
  const bool is_sent = notifier_.send_with("FDSTORE=1\nFDPOLL=0" + named(message.name), message.fd);
  if (is_sent) sent_.insert(message.name);
  return is_sent;
}

void ServiceManagerStore::flush() {
  while (!waiting_.empty() && send(waiting_.front())) waiting_.pop_front();
  if (waiting_.empty()) room_.stop();
}

}  // namespace hupd::master
