#include "os/notify.hpp"

#include <array>
#include <cstdlib>
#include <map>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "sockets.hpp"
#include "support/child.hpp"
#include "support/directory.hpp"

namespace hupd::os {
namespace {

// A service manager's side; "@name" is in the abstract namespace.
Fd manager(const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, name.data(), name.size());
  if (name[0] == '@') address.sun_path[0] = '\0';
  Fd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  if (::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), size) != 0) fd.reset();
  return fd;
}

std::string next(const Fd& manager) {
  std::array<char, 4096> buffer{};
  const auto got = ::recv(manager.get(), buffer.data(), buffer.size(), 0);
  return got < 0 ? "nothing" : std::string(buffer.data(), static_cast<std::size_t>(got));
}

// A notifier whose process has these variables and no others of the kind; in a forked child.
Notifier with(const std::string& socket, const std::string& period = "",
              const std::string& pid = "") {
  const auto set = [](const char* name, const std::string& value) {
    value.empty() ? ::unsetenv(name) : ::setenv(name, value.c_str(), 1);
  };
  set("NOTIFY_SOCKET", socket);
  set("WATCHDOG_USEC", period);
  set("WATCHDOG_PID", pid);
  return Notifier::from_environment();
}

TEST(Notify, GivesUpWaitingForAManagerThatDoesNotRead) {
  const test::Directory directory;
  const std::string path = directory / "notify";
  const Fd listening = manager(path);
  ASSERT_TRUE(listening);
  EXPECT_EQ(test::in_child([&] {
              const bool is_read =
                  with(path).send_all_and_wait({"A=1"}, std::chrono::milliseconds(20));
              return is_read ? "" : "nobody reads";
            }),
            "nobody reads");
}

TEST(Notify, WaitsForRoomForAllOfIt) {
  const test::Directory directory;
  const std::string path = directory / "notify";
  const Fd listening = manager(path);
  ASSERT_TRUE(listening);
  std::thread reader([&] {
    std::string last;
    while (last != "BARRIER=1") {
      last = next(listening);
      if (last == "nothing") std::this_thread::yield();
    }
  });
  const std::vector<std::string> many(5000, "FDSTOREREMOVE=1");
  EXPECT_EQ(test::in_child([&] {
              const bool is_read = with(path).send_all_and_wait(many, std::chrono::minutes(1));
              return is_read ? "all read" : "";
            }),
            "all read");
  reader.join();
}

TEST(Notify, BringsEachMessageAsADatagram) {
  const test::Directory directory;
  const std::string path = directory / "notify";
  const Fd listening = manager(path);
  ASSERT_TRUE(listening);
  EXPECT_EQ(test::in_child([&] {
              const auto notifier = with(path);
              notifier.send("READY=1\nSTATUS=one");
              notifier.send("STOPPING=1");
              return notifier.fault();
            }),
            "");
  EXPECT_EQ(next(listening), "READY=1\nSTATUS=one");
  EXPECT_EQ(next(listening), "STOPPING=1");
  EXPECT_EQ(next(listening), "nothing");
}

TEST(Notify, ReachesTheAbstractNamespace) {
  const std::string name = "@hupd-notify-test-" + std::to_string(::getpid());
  const Fd listening = manager(name);
  ASSERT_TRUE(listening);
  test::in_child([&] {
    with(name).send("READY=1");
    return std::string();
  });
  EXPECT_EQ(next(listening), "READY=1");
}

TEST(Notify, DoesNothingWithoutAManagerAndSaysWhyThereIsNone) {
  const std::map<std::string, std::string> faults = {
      {"", ""},
      {"/nowhere/notify", "NOTIFY_SOCKET /nowhere/notify: No such file or directory"},
      {"@", "NOTIFY_SOCKET @: not the path of a socket"},
      {"@hupd-nobody-is-there", "NOTIFY_SOCKET @hupd-nobody-is-there: Connection refused"}};
  for (const auto& fault : faults) {
    EXPECT_EQ(test::in_child([&] {
                const auto notifier = with(fault.first);
                notifier.send("READY=1");
                return notifier.fault();
              }),
              fault.second);
  }
}

TEST(Notify, DoesNotWaitForAManagerThatDoesNotRead) {
  const test::Directory directory;
  const std::string path = directory / "notify";
  const Fd listening = manager(path);
  EXPECT_EQ(test::in_child([&] {
              const auto notifier = with(path);
              for (int i = 0; i < 10'000; ++i) notifier.send("WATCHDOG=1");
              return std::string("went on");
            }),
            "went on");
}

TEST(Watchdog, IsForTheProcessThatItNames) {
  const auto period = [](const std::string& text, const std::string& pid) {
    return test::in_child([&] {
      const auto watchdog =
          with("", text, pid == "own" ? std::to_string(::getpid()) : pid).watchdog();
      return watchdog ? std::to_string(watchdog->count()) : "none";
    });
  };
  EXPECT_EQ(period("30000000", "own"), "30000000");
  EXPECT_EQ(period("30000000", ""), "30000000");
  EXPECT_EQ(period("30000000", "1"), "none");
  EXPECT_EQ(period("", ""), "none");
  EXPECT_EQ(period("0", ""), "none");
  EXPECT_EQ(period("soon", ""), "none");
}

}  // namespace
}  // namespace hupd::os
