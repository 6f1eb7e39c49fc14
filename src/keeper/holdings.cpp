#include "keeper/holdings.hpp"

#include "os/discard.hpp"
#include "os/fd_info.hpp"
#include "os/files.hpp"
#include "os/locked_directory.hpp"
#include "os/packet_socket.hpp"
#include "os/stream_socket.hpp"

namespace hupd::keeper {

namespace {

constexpr const char* lock_name = "runtime-dir-0";  // of the directory

// In the queue of a worker's channel may be what it takes long to close.
void let_go(os::Fd fd) {
  if (!os::is_socket(fd.get()) || os::fd_info(fd.get(), "scm_fds:") == 0) return;
  std::vector<os::Fd> one;
  one.push_back(std::move(fd));
  os::discard(std::move(one));
}

}  // namespace

// The file is its own now, if it ever is: whoever has put it has just made it or looked at it.
void Holdings::put(const std::string& name, os::Fd fd) {
  Held held{std::move(fd), {}, {}, true};
  held.path = os::listening_path(held.fd.get());
  if (!held.path.empty()) held.file = os::file_at(held.path);
  remove(name);
  held_[name] = std::move(held);
}

void Holdings::remove(const std::string& name) {
  if (auto node = held_.extract(name)) let_go(std::move(node.mapped().fd));
}

void Holdings::renew() {
  is_renewing_ = true;
  for (auto& [name, held] : held_) held.is_renewed = false;
}

void Holdings::settled() {
  if (!std::exchange(is_renewing_, false)) return;
  for (const auto& name : names()) {
    if (!held_[name].is_renewed) remove(name);
  }
}

int Holdings::find(const std::string& name) const {
  const auto found = held_.find(name);
  return found == held_.end() ? -1 : found->second.fd.get();
}

std::vector<std::string> Holdings::names() const {
  std::vector<std::string> names;
  for (const auto& [name, held] : held_) names.push_back(name);
  return names;
}

std::vector<std::string> Holdings::names_of_state() const {
  auto all = names();
  std::erase_if(all, [](const auto& name) { return !name.starts_with("state-"); });
  return all;
}

std::size_t Holdings::count_workers() const {
  std::size_t count = 0;
  for (const auto& [name, held] : held_) {
    if (name.starts_with("pidfd-")) ++count;
  }
  return count;
}

bool Holdings::can_be_gone_on_with(const std::string& directory) const {
  return !names_of_state().empty() && os::is_at(directory, find(lock_name));
}

void Holdings::close() { held_.clear(); }

void Holdings::close_and_tidy(const std::string& directory) {
  for (const auto& [name, held] : held_) {
    if (held.file) os::remove_socket_file(held.path, *held.file);
  }
  auto lock = held_.extract(lock_name);
  held_.clear();
  if (lock.empty() || directory.empty()) return;
  os::LockedDirectory::take_up(directory, std::move(lock.mapped().fd));  // and removed
}

}  // namespace hupd::keeper
