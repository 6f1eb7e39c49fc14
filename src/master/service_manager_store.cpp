#include "master/service_manager_store.hpp"

#include <algorithm>
#include <utility>

#include "log/logger.hpp"
#include "os/listen.hpp"

namespace hupd::master {

namespace {

std::string named(const std::string& name) {
  return "\nFDNAME=" + std::string(os::stored_prefix) + name;
}

}  // namespace

std::string removal_from_store(const std::string& name) { return "FDSTOREREMOVE=1" + named(name); }

ServiceManagerStore::ServiceManagerStore(uv_loop_t* loop, const os::Notifier& notifier,
                                         const std::vector<std::string>& stored, std::size_t most)
    : notifier_(notifier),
      given_(stored.begin(), stored.end()),
      sent_(given_),
      most_(most),
      room_(loop, notifier.fd(), [this] { flush(); }) {}

// A manager that does not read loses what it keeps when the service has ended, too.
ServiceManagerStore::~ServiceManagerStore() { flush(); }

void ServiceManagerStore::put(const std::string& name, int fd) {
  std::erase_if(waiting_, [&](const auto& one) { return one.name == name && one.fd >= 0; });
  if (!given_.contains(name) && given_.size() >= most_) {
    left_out_[name] = fd;
    if (std::exchange(told_full_, true)) return;
    return log::write(log::Level::Warning, {},
                      "the service manager keeps " + std::to_string(most_) +
                          " descriptors, which are too few: if the master dies now, some workers "
                          "end with it (raise FileDescriptorStoreMax in its unit)");
  }
  given_.insert(name);
  add({name, fd});
}

// The descriptor may be closed from now on.
void ServiceManagerStore::remove(const std::string& name) {
  if (left_out_.erase(name) != 0 || given_.erase(name) == 0) return;
  std::erase_if(waiting_, [&](const auto& one) { return one.name == name && one.fd >= 0; });
  if (sent_.erase(name) != 0) add({name, -1});
  give_room();
}

control::Keeping ServiceManagerStore::told() const {
  const auto owed = std::count_if(waiting_.begin(), waiting_.end(),
                                  [](const auto& message) { return message.fd >= 0; });
  return {control::Keeper::ServiceManager, left_out_.size() + static_cast<std::size_t>(owed)};
}

void ServiceManagerStore::give_room() {
  if (left_out_.empty()) return;
  const auto next = left_out_.extract(left_out_.begin());
  given_.insert(next.key());
  add({next.key(), next.mapped()});
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
