// In forked children, whose descriptors 3 and up are arranged as a service manager does.
#include <cstdlib>

#include <gtest/gtest.h>
#include <unistd.h>

#include "os/memory.hpp"
#include "sockets.hpp"
#include "support/child.hpp"
#include "support/result.hpp"

namespace hupd::os {
namespace {

constexpr int aside = 100;

int listener() { return listen_tcp("tcp", "127.0.0.1", 0, true, 16)->release(); }

// Puts `fds` at 3 and up, blocking and inherited.
void pass(const std::vector<int>& fds, const char* names) {
  std::vector<int> moved;
  for (const int fd : fds) moved.push_back(::fcntl(fd, F_DUPFD_CLOEXEC, aside));
  for (std::size_t i = 0; i < moved.size(); ++i) {
    const int fd = ::dup2(moved[i], 3 + static_cast<int>(i));
    ::fcntl(fd, F_SETFL, 0);
  }
  ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
  ::setenv("LISTEN_FDS", std::to_string(fds.size()).c_str(), 1);
  ::unsetenv("LISTEN_FDNAMES");
  if (names != nullptr) ::setenv("LISTEN_FDNAMES", names, 1);
}

// "name=fd" of each, or the fault.
std::string taken() {
  const auto sockets = inherited_sockets();
  std::string text = test::fault_of(sockets);
  for (std::size_t i = 0; sockets && i < sockets->size(); ++i) {
    const auto& socket = (*sockets)[i];
    text += socket.name + "=" + std::to_string(socket.fd.get()) + " ";
    if (!is_close_on_exec(socket.fd.get())) text += "inherited ";
    if (!is_non_blocking(socket.fd.get())) text += "blocking ";
  }
  return text;
}

TEST(InheritedSockets, HaveTheirNamesAndAreMadeSafe) {
  EXPECT_EQ(test::in_child([] {
              pass({listener(), listener()}, "web:admin");
              return taken();
            }),
            "web=3 admin=4 ");
}

TEST(InheritedSockets, WithoutANameAreCalledUnknown) {
  EXPECT_EQ(test::in_child([] {
              pass({listener(), listener()}, "web");
              return taken();
            }),
            "web=3 unknown=4 ");
  EXPECT_EQ(test::in_child([] {
              pass({listener()}, nullptr);
              return taken();
            }),
            "unknown=3 ");
}

TEST(InheritedSockets, OfAnotherProcessAreLeftAlone) {
  EXPECT_EQ(test::in_child([] {
              pass({listener()}, "web");
              ::setenv("LISTEN_PID", std::to_string(::getppid()).c_str(), 1);
              return taken();
            }),
            "");
}

TEST(InheritedSockets, AreNoneWithoutASocketUnit) {
  EXPECT_EQ(test::in_child([] {
              for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) {
                ::unsetenv(name);
              }
              return taken();
            }),
            "");
}

TEST(InheritedSockets, ThatDoNotListenAreRefusedByName) {
  EXPECT_EQ(test::in_child([] {
              pass({listener(), memory_file("file", 0)->release()}, "web:file");
              return taken();
            }),
            "inherited descriptor 4 (file): not a listening stream socket");
  EXPECT_EQ(test::in_child([] {
              pass({::socket(AF_INET, SOCK_DGRAM, 0)}, "udp");
              return taken();
            }),
            "inherited descriptor 3 (udp): not a listening stream socket");
}

TEST(InheritedSockets, OfANumberThatIsALieAreRefused) {
  EXPECT_EQ(test::in_child([] {
              pass({listener()}, "web");
              ::close(4);
              ::setenv("LISTEN_FDS", "2147483647", 1);
              return taken();
            }),
            "inherited descriptor 4 (unknown): not a listening stream socket");
}

}  // namespace
}  // namespace hupd::os
