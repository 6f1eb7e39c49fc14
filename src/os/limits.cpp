#include "os/limits.hpp"

#include <algorithm>
#include <array>

#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hupd::os {

namespace {

const std::map<std::string, __rlimit_resource>& resources() {
  static const std::map<std::string, __rlimit_resource> known = {
      {"nofile", RLIMIT_NOFILE}, {"core", RLIMIT_CORE},       {"nproc", RLIMIT_NPROC},
      {"as", RLIMIT_AS},         {"data", RLIMIT_DATA},       {"stack", RLIMIT_STACK},
      {"fsize", RLIMIT_FSIZE},   {"memlock", RLIMIT_MEMLOCK}, {"cpu", RLIMIT_CPU}};
  return known;
}

rlim_t value(std::uint64_t limit) { return limit == unlimited ? RLIM_INFINITY : limit; }

}  // namespace

Result<void> set_limits(
    const std::map<std::string, std::pair<std::uint64_t, std::uint64_t>>& limits) {
  for (const auto& [name, pair] : limits) {
    const auto resource = resources().find(name);
    if (resource == resources().end()) return refused("limit " + name + ": there is no such limit");
    const rlimit limit{value(pair.first), value(pair.second)};
    if (::setrlimit(resource->second, &limit) != 0) return failed("set limit " + name);
  }
  return {};
}

std::uint64_t descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  return limit.rlim_cur;
}

// poll() says of each number whether it is open. From the top: there they are free, unless few are.
bool has_free_descriptors(std::uint64_t count, std::uint64_t limit) {
  std::array<pollfd, 64> some{};
  for (std::uint64_t above = limit, free = 0; free < count;) {
    const auto size = std::min<std::uint64_t>(some.size(), above);
    if (size == 0) return false;
    above -= size;
    for (std::uint64_t i = 0; i < size; ++i) some[i].fd = static_cast<int>(above + i);
    if (::poll(some.data(), size, 0) < 0) return false;
    free += static_cast<std::uint64_t>(
        std::count_if(some.begin(), some.begin() + static_cast<std::ptrdiff_t>(size),
                      [](const pollfd& one) { return (one.revents & POLLNVAL) != 0; }));
  }
  return true;
}

bool is_shortage(const Error& error) {
  return error.code == EMFILE || error.code == ENFILE || error.code == ENOMEM ||
         error.code == ENOBUFS;
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

Result<void> change_directory(const std::string& path) {
  if (::chdir(path.c_str()) != 0) return failed("change to directory " + path);
  return {};
}

void set_umask(std::uint32_t mask) { ::umask(static_cast<mode_t>(mask)); }

}  // namespace hupd::os
