#include "support/child.hpp"

#include <array>
#include <cstdlib>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hupd::test {

namespace {

constexpr unsigned longest_life_s = 60;
constexpr int out_of_the_way = 200;  // bodies arrange the low descriptors as they like

[[noreturn]] void live(const std::function<std::string()>& body, int output) {
  ::alarm(longest_life_s);
  const int high = ::fcntl(output, F_DUPFD_CLOEXEC, out_of_the_way);
  ::close(output);
  const std::string said = body();
  const auto written = ::write(high, said.data(), said.size());
  ::_exit(written == static_cast<ssize_t>(said.size()) ? 0 : 1);
}

}  // namespace

std::string in_child(const std::function<std::string()>& body) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return "no pipe";
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::close(ends[0]);
    live(body, ends[1]);
  }
  ::close(ends[1]);
  std::string said;
  std::array<char, 4096> buffer{};
  for (ssize_t got = 0; (got = ::read(ends[0], buffer.data(), buffer.size())) > 0;) {
    said.append(buffer.data(), static_cast<std::size_t>(got));
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(pid, &status, 0);
  if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
  if (WEXITSTATUS(status) != 0) return "exit code " + std::to_string(WEXITSTATUS(status));
  return said;
}

}  // namespace hupd::test
