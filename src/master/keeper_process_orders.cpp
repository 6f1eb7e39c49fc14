// What the keeper is told, in which order, and when it has room for it.
#include <algorithm>

#include "keeper/keeper.hpp"
#include "master/keeper_process.hpp"
#include "os/listen.hpp"
#include "os/packet_socket.hpp"

namespace hupd::master {

namespace {

using keeper::Word;

constexpr std::uint64_t pause_ms = 50;

}  // namespace

void KeeperProcess::put(const std::string& name, int fd) {
  wanted_[name] = fd;
  add({Word::Put, name});
}

// The descriptor may be closed from now on.
void KeeperProcess::remove(const std::string& name) {
  wanted_.erase(name);
  if (sent_.contains(name)) return add({Word::Remove, name});
  std::erase(waiting_, Order{Word::Put, name});
}

void KeeperProcess::has_all() { add({Word::Settled, {}}); }

void KeeperProcess::is_found_in(const std::string& directory) {
  about_.directory = directory;  // which may be another one of the same name
  if (os::file_at(directory + "/" + keeper::socket_name)) return;
  if (!line_) return;  // the next one is found there
  if (auto door = open_door(); !door) return lost(door.error().text);
  add({Word::Lead, {}});
}

void KeeperProcess::waits_for(std::chrono::milliseconds patience) {
  if (std::exchange(about_.patience, patience) != patience) add({Word::Lead, {}});
}

control::Keeping KeeperProcess::told() const {
  const auto has = [this](const auto& entry) { return line_ && sent_.contains(entry.first); };
  const auto had = std::count_if(wanted_.begin(), wanted_.end(), has);
  const bool is_behind = line_ && os::has_unread(line_.fd());  // for long, if it is stuck
  return {control::Keeper::Process,
          wanted_.size() - static_cast<std::size_t>(had) + (is_behind ? 1 : 0)};
}

// What is sent of a name is what holds then, so that one order for it is enough.
void KeeperProcess::add(Order order) {
  if (!line_) return;  // the next one is told all
  if (std::find(waiting_.begin(), waiting_.end(), order) != waiting_.end()) return;
  waiting_.push_back(std::move(order));
  flush();
}

os::Result<void> KeeperProcess::send_about() {
  const auto self = os::own_pidfd();
  if (!self) return tl::unexpected(self.error());
  std::vector<int> fds = {self->get()};
  if (door_) fds.push_back(door_.get());
  auto sent = line_.send({Word::Lead,
                          {about_.identity, about_.directory,
                           std::to_string(about_.patience.count()), std::to_string(os::own_pid())}},
                         fds);
  if (sent) door_.reset();
  return sent;
}

os::Result<void> KeeperProcess::send(const Order& order) {
  if (order.word == Word::Lead) return send_about();
  if (order.name.empty()) return line_.send({order.word});
  const auto found = wanted_.find(order.name);
  if (order.word == Word::Put && found != wanted_.end()) {
    auto sent = line_.send({Word::Put, {order.name}}, {found->second});
    if (sent) sent_.insert(order.name);
    return sent;
  }
  if (order.word == Word::Put || found != wanted_.end()) return {};  // the other order is behind
  auto sent = line_.send({Word::Remove, {order.name}});
  if (sent) sent_.erase(order.name);
  return sent;
}

void KeeperProcess::flush() {
  while (line_ && !waiting_.empty()) {
    const auto sent = send(waiting_.front());
    if (!sent && keeper::has_no_room(sent.error())) {
      const bool waits = !keeper::too_many(sent.error());
      watch_->wait_for(true, waits);
      if (!waits) again_.start(pause_ms);
      return;
    }
    if (!sent) return lost(sent.error().text);
    waiting_.pop_front();
  }
  if (watch_) watch_->wait_for(true, false);
}

}  // namespace hupd::master
