#include "master/listeners.hpp"

#include <cstdlib>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "config/address.hpp"
#include "log/logger.hpp"
#include "support/child.hpp"
#include "support/directory.hpp"
#include "support/result.hpp"

namespace hupd::master {
namespace {

using test::fault_of;
using testing::HasSubstr;
using testing::StartsWith;

class ListenersTest : public testing::Test {
 protected:
  // An app that listens on these; the kernel chooses the port of a TCP address.
  config::App app(const std::vector<std::string>& addresses) const {
    config::App made;
    for (const auto& text : addresses) {
      if (text.starts_with("tcp")) {
        made.listen.push_back({text, config::TcpAddress{"127.0.0.1", 0, true}});
      } else {
        made.listen.push_back(config::parse_listen(text, directory_.path()).value());
      }
    }
    return made;
  }
  bool exists(const std::string& name) const { return std::filesystem::exists(directory_ / name); }

  test::Directory directory_;
  Vault vault_;
  Listeners listeners_{vault_};
};

TEST_F(ListenersTest, KeepTheSocketOfAnAddressFromOneGenerationToTheNext) {
  const auto first = listeners_.obtain(app({"tcp 1", "unix:web.sock"}));
  const auto second = listeners_.obtain(app({"unix:web.sock", "tcp 2", "tcp 1"}));
  ASSERT_EQ(fault_of(first), "");
  ASSERT_EQ(fault_of(second), "");
  EXPECT_EQ(second->at(0), first->at(1));
  EXPECT_EQ(second->at(2), first->at(0));
  EXPECT_NE(second->at(1), first->at(0));
  EXPECT_EQ(second->at(1)->address(), "tcp 2");
}

TEST_F(ListenersTest, CloseWhatNoGenerationServes) {
  auto first = listeners_.obtain(app({"tcp 1"}));
  const int fd = first->at(0)->fd();
  auto second = listeners_.obtain(app({"tcp 1"}));
  first->clear();
  EXPECT_NE(::fcntl(fd, F_GETFD), -1) << "the second one has it";
  second->clear();
  EXPECT_EQ(::fcntl(fd, F_GETFD), -1);
}

TEST_F(ListenersTest, OpenAnAddressAnewThatWasGivenUp) {
  listeners_.obtain(app({"unix:web.sock"}))->clear();
  EXPECT_FALSE(exists("web.sock"));
  const auto again = listeners_.obtain(app({"unix:web.sock"}));
  ASSERT_EQ(fault_of(again), "");
  EXPECT_TRUE(exists("web.sock"));
}

TEST_F(ListenersTest, RemoveASocketFileWithItsLastOwner) {
  auto first = listeners_.obtain(app({"unix:web.sock"}));
  auto second = listeners_.obtain(app({"unix:web.sock"}));
  first->clear();
  EXPECT_TRUE(exists("web.sock"));
  second->clear();
  EXPECT_FALSE(exists("web.sock"));
}

TEST_F(ListenersTest, AreAsBeforeWhenOneCannotBeOpened) {
  const auto before = listeners_.obtain(app({"unix:kept.sock"}));
  ASSERT_TRUE(before);
  test::write(directory_ / "file", "precious");
  const auto failed = listeners_.obtain(app({"unix:kept.sock", "unix:new.sock", "unix:file"}));
  EXPECT_THAT(fault_of(failed), HasSubstr("not a socket, left alone"));
  EXPECT_TRUE(exists("kept.sock"));
  EXPECT_FALSE(exists("new.sock")) << "what was opened is closed";
  EXPECT_EQ(test::content(directory_ / "file"), "precious");
  EXPECT_EQ(listeners_.obtain(app({"unix:kept.sock"}))->at(0), before->at(0));
}

std::uint16_t port_of(const Listener& listener) {
  const auto address = os::local_address(listener.fd());
  return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

config::App app_at(const std::string& host, std::uint16_t port) {
  config::App made;
  made.listen = {{host + ":" + std::to_string(port), config::TcpAddress{host, port}}};
  return made;
}

TEST_F(ListenersTest, OpenAnAddressAnewOfWhichAWorkerKeepsACopy) {
  const auto port = port_of(*listeners_.obtain(app({"tcp 1"}))->at(0));
  auto first = listeners_.obtain(app_at("127.0.0.1", port));
  ASSERT_EQ(fault_of(first), "");
  const auto copy = os::duplicate(first->at(0)->fd());
  first->clear();
  EXPECT_EQ(fault_of(listeners_.obtain(app_at("127.0.0.1", port))), "");
}

TEST_F(ListenersTest, SayWhichOfTheirOwnIsInTheWay) {
  const auto port = port_of(*listeners_.obtain(app({"tcp 1"}))->at(0));
  for (const auto& [one, other] : {std::pair("127.0.0.1", "0.0.0.0"), {"0.0.0.0", "127.0.0.1"}}) {
    const auto open = listeners_.obtain(app_at(one, port));
    ASSERT_EQ(fault_of(open), "");
    const auto number = std::to_string(port);
    EXPECT_THAT(fault_of(listeners_.obtain(app_at(other, port))),
                StartsWith("listen on " + (other + (":" + number)) + ": this hupd has " +
                           (one + (":" + number)) + " open, and the one is part of the other; "));
  }
}

TEST_F(ListenersTest, RefuseAnotherV6OnlyAtAnAddressThatIsOpen) {
  const auto wanted = [](bool v6_only) {
    config::App made;
    made.listen = {{"[::1]:0", config::TcpAddress{"::1", 0, v6_only}}};
    return made;
  };
  const auto open = listeners_.obtain(wanted(true));
  if (!open) GTEST_SKIP() << open.error().text;
  EXPECT_THAT(fault_of(listeners_.obtain(wanted(false))), HasSubstr("another v6_only; no reload"));
  EXPECT_EQ(listeners_.obtain(wanted(true))->at(0), open->at(0));
}

TEST_F(ListenersTest, SayWhenTheServiceManagerPassedNoSuchSocket) {
  EXPECT_EQ(fault_of(listeners_.obtain(app({"systemd:web"}))),
            "listen on systemd:web: the service manager passed no socket of that name "
            "(FileDescriptorName= in the socket unit)");
}

// In a child, whose descriptors 3 and 4 are what the service manager passed as one name.
TEST_F(ListenersTest, TakeAllSocketsOfANameAndKeepThem) {
  EXPECT_EQ(test::in_child([this] {
              test::Faults faults;
              for (const int fd : {3, 4}) {  // taken, so that the log moves elsewhere
                if (::fcntl(fd, F_GETFD) < 0) ::dup2(STDIN_FILENO, fd);
              }
              static_cast<void>(log::process().configure({.file = "/dev/null"}));
              for (const int fd : {3, 4}) {
                auto opened = os::listen_tcp("x", "127.0.0.1", 0, true, 16);
                const os::Fd aside(::fcntl(opened->release(), F_DUPFD_CLOEXEC, 100));
                ::dup2(aside.get(), fd);
              }
              ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
              ::setenv("LISTEN_FDS", "2", 1);
              ::setenv("LISTEN_FDNAMES", "web:web", 1);
              faults.expect(fault_of(listeners_.inherit()).empty(), "they are taken up");
              auto set = listeners_.obtain(app({"systemd:web"}));
              faults.expect(set && set->size() == 2, "both sockets of the name");
              faults.expect(set->at(0)->address() != set->at(1)->address(), "told apart");
              faults.expect(set->at(0)->address().starts_with("systemd:web="), "by their name");
              set->clear();
              faults.expect(listeners_.obtain(app({"systemd:web"}))->at(0)->fd() == 3,
                            "kept though nobody serves them");
              return faults.first();
            }),
            "");
}

}  // namespace
}  // namespace hupd::master
