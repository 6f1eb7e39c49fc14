#include "master/control_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "os/clock.hpp"
#include "os/local_stream.hpp"
#include "os/pipe.hpp"

namespace hupd::master {
namespace {

using testing::ElementsAre;

class ControlClientTest : public testing::Test {
 protected:
  ~ControlClientTest() override {
    client_.reset();
    uv_run(uv_default_loop(), UV_RUN_NOWAIT);  // closes what is to be closed
  }

  void connect(ControlClient::Limits limits) {
    auto ends = os::local_pair();
    mine_ = std::move(ends->first);
    client_ = std::make_unique<ControlClient>(
        uv_default_loop(), vault_, std::move(ends->second),
        [this](const std::string& line) { lines_.push_back(line); }, limits);
  }
  // Turns the loop, for a while at the most.
  bool until(const std::function<bool()>& held) {
    loop::Timer tick(uv_default_loop(), [] {});
    tick.start(1, 1);
    const auto end = os::monotonic_now() + std::chrono::seconds(40);
    while (!held() && os::monotonic_now() < end) uv_run(uv_default_loop(), UV_RUN_ONCE);
    return held();
  }
  // So much later, by the same clock as the client's limits.
  void later(std::chrono::milliseconds time) {
    const auto end = os::monotonic_now() + time;
    until([end] { return os::monotonic_now() >= end; });
  }
  bool ends() {
    return until([this] { return client_->is_over(); });
  }

  static constexpr std::uint64_t never = 3'600'000;
  Vault vault_;
  os::Fd mine_;
  std::vector<std::string> lines_;
  std::unique_ptr<ControlClient> client_;
};

TEST_F(ControlClientTest, WhoIsSilentIsCutOff) {
  connect({.silence_ms = 20, .look_ms = never});
  EXPECT_FALSE(client_->is_over());
  EXPECT_TRUE(ends());
}

TEST_F(ControlClientTest, ALineThatDoesNotEndIsSilence) {
  connect({.silence_ms = 20, .look_ms = never});
  ASSERT_TRUE(os::send_now(mine_.get(), "{\"version\":1"));
  EXPECT_TRUE(ends());
  EXPECT_TRUE(lines_.empty());
}

TEST_F(ControlClientTest, ARequestIsASignOfLife) {
  constexpr std::chrono::milliseconds silence(1000), tick(5);
  std::chrono::milliseconds asked{};
  while (lines_.empty()) {  // for as often as this machine stands still for longer than that
    connect({.silence_ms = 1000, .look_ms = never});
    later(silence / 5);
    asked = os::monotonic_now();
    if (os::send_now(mine_.get(), "x\n"))
      until([&] { return !lines_.empty() || client_->is_over(); });
  }
  EXPECT_TRUE(ends());
  EXPECT_GE(os::monotonic_now() - asked, silence - tick) << "it is counted from the request";
}

TEST_F(ControlClientTest, WhoExpectsSomethingMayBeSilent) {
  connect({.silence_ms = 20, .look_ms = 5});
  client_->set_expecting(true);
  later(std::chrono::milliseconds(100));
  EXPECT_FALSE(client_->is_over());
  client_->set_expecting(false);
  EXPECT_TRUE(ends()) << "from here on it may not";
}

TEST_F(ControlClientTest, WhoExpectsSomethingAndIsGoneIsSeenToBe) {
  connect({.silence_ms = never, .look_ms = 5});
  client_->set_expecting(true);
  mine_.reset();
  EXPECT_TRUE(ends());
}

TEST_F(ControlClientTest, WhoDoesNotReadIsCutOffBeforeTheMasterGrows) {
  connect({.silence_ms = never, .look_ms = never});
  const std::string line(64UL * 1024, 'x');
  for (int i = 0; i < 100 && !client_->is_over(); ++i) client_->send(line + "\n");
  EXPECT_TRUE(client_->is_over());
}

}  // namespace
}  // namespace hupd::master
