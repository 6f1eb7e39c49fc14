#include "master/service_manager_store.hpp"

#include <cstdlib>
#include <set>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "support/directory.hpp"

namespace hupd::master {
namespace {

// A manager that reads only when it is told to.
class ServiceManagerStoreTest : public testing::Test {
 protected:
  ServiceManagerStoreTest() {
    uv_loop_init(&loop_);
    const std::string path = directory_ / "notify";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    manager_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    EXPECT_EQ(::bind(manager_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
    notifier_ = os::Notifier::from_environment();
    ::unsetenv("NOTIFY_SOCKET");
  }
  ~ServiceManagerStoreTest() override {
    ::close(manager_);
    uv_run(&loop_, UV_RUN_NOWAIT);
    EXPECT_EQ(uv_loop_close(&loop_), 0);
  }

  // What it keeps by now, and how many messages that took.
  void read() {
    char text[4096];
    for (;;) {
      uv_run(&loop_, UV_RUN_NOWAIT);
      const auto size = ::recv(manager_, text, sizeof text, 0);
      if (size < 0) return;
      ++messages_;
      const std::string message(text, static_cast<std::size_t>(size));
      const auto name = message.substr(message.find("FDNAME=hupd.") + 12);
      if (message.starts_with("FDSTORE=1")) kept_.insert(name);
      if (message.starts_with("FDSTOREREMOVE=1")) kept_.erase(name);
    }
  }

  uv_loop_t loop_;
  test::Directory directory_;
  int manager_ = -1;
  os::Notifier notifier_;
  std::set<std::string> kept_;
  int messages_ = 0;
};

TEST_F(ServiceManagerStoreTest, SendsAllInOrderToAManagerThatIsSlow) {
  {
    ServiceManagerStore store(&loop_, notifier_, {}, 10'000);
    for (int i = 0; i < 5'000; ++i) store.put("channel-" + std::to_string(i), manager_);
    for (int i = 0; i < 5'000; i += 2) store.remove("channel-" + std::to_string(i));
    EXPECT_GT(store.told().missing, 0U) << "nobody has read";
    read();
  }
  EXPECT_EQ(kept_.size(), 2'500U);
  EXPECT_TRUE(kept_.contains("channel-4999") && !kept_.contains("channel-4998"));
}

TEST_F(ServiceManagerStoreTest, WhatCameAndWentWhileNobodyReadIsNotSent) {
  {
    ServiceManagerStore store(&loop_, notifier_, {}, 10'000);
    for (int i = 0; i < 50'000; ++i) {
      const auto name = "channel-" + std::to_string(i);
      store.put(name, manager_);
      store.remove(name);
    }
    read();
  }
  EXPECT_TRUE(kept_.empty());
  EXPECT_LT(messages_, 10'000) << "twice what a queue of datagrams holds at most";
}

TEST_F(ServiceManagerStoreTest, RemovesWhatTheMasterBeforeHasStored) {
  {
    ServiceManagerStore store(&loop_, notifier_, {"channel-1"}, 10);
    kept_ = {"channel-1"};
    store.put("channel-1", manager_);
    store.remove("channel-1");
    read();
  }
  EXPECT_TRUE(kept_.empty());
}

TEST_F(ServiceManagerStoreTest, SendsNoMoreThanTheManagerKeepsUntilThereIsRoom) {
  {
    ServiceManagerStore store(&loop_, notifier_, {"old"}, 3);
    kept_ = {"old"};
    for (const auto* name : {"a", "b", "c", "d"}) store.put(name, manager_);
    read();
    EXPECT_EQ(kept_, (std::set<std::string>{"old", "a", "b"}));
    EXPECT_EQ(store.told(), (control::Keeping{control::Keeper::ServiceManager, 2}));
    store.put("a", manager_);  // again
    store.remove("c");         // which it never had
    store.remove("old");
    read();
    EXPECT_EQ(kept_, (std::set<std::string>{"a", "b", "d"}));
    EXPECT_EQ(store.told().missing, 0U);
    store.remove("b");
    read();
  }
  EXPECT_EQ(kept_, (std::set<std::string>{"a", "d"}));
}

}  // namespace
}  // namespace hupd::master
