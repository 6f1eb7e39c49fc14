// The zygote's own process: in a forked child, with the test for its master.
#include "zygote/zygote.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "os/files.hpp"
#include "os/memory.hpp"
#include "os/process.hpp"
#include "support/child.hpp"
#include "support/directory.hpp"
#include "wire/link.hpp"

namespace hupd::zygote {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

// The answers, by name.
struct Named {
  std::string operator()(const wire::Copied&) const { return "copied"; }
  std::string operator()(const wire::Loaded&) const { return "loaded"; }
  std::string operator()(const wire::Failed& m) const { return "failed: " + m.reason; }
  std::string operator()(const auto&) const { return "no answer of a zygote's"; }
};

class ZygoteTest : public testing::Test {
 protected:
  ZygoteTest() {
    auto pair = os::channel_pair();
    near_ = wire::Link(std::move(pair->first));
    far_ = std::move(pair->second);
    static_cast<void>(os::make_private_directory(copies_));
  }

  void boot(const std::string& library) {
    const auto plan =
        os::memory_file_with("plan", "[app.web]\ncheck_ownership = false\nlibrary = \"" + library +
                                         "\"\nlisten = [\"127.0.0.1:0\"]\n"
                                         "preload = false\n");
    ASSERT_TRUE(near_.send(wire::Boot{1, copies_, ""}, {plan->get()}, os::Wait::No));
  }
  // Its whole life on what was sent: its exit code.
  std::string live() {
    return test::in_child([this] {
      near_.close();
      ::dup2(far_.get(), os::inherited_channel_fd);
      std::string memory;  // arguments lie one behind the other, as the kernel puts them
      auto words = arguments("web", 1);
      words[3] = std::to_string(::getppid());
      for (const auto& word : words) memory += word + '\0';
      std::vector<char*> argv;
      char* at = memory.data();
      for (const auto& word : words) {
        argv.push_back(at);
        at += word.size() + 1;
      }
      return std::to_string(run(static_cast<int>(argv.size()), argv.data()));
    });
  }
  std::vector<std::string> answers() {
    std::vector<std::string> words;
    for (;;) {
      const auto delivery = near_.receive(os::Wait::No);
      const auto* letter = std::get_if<wire::Letter>(&delivery);
      if (letter == nullptr) return words;
      words.push_back(std::visit(Named{}, letter->message));
    }
  }

  test::Directory directory_;
  std::string copies_ = directory_ / "copies";
  wire::Link near_;
  os::Fd far_;
};

TEST_F(ZygoteTest, LeavesWhenItIsTold) {
  boot(SAMPLES "/libdeep.so");
  ASSERT_TRUE(near_.send(wire::Leave{}, {}, os::Wait::No));
  EXPECT_EQ(live(), "0");
  EXPECT_THAT(answers(), ElementsAre("copied", "loaded"));
}

TEST_F(ZygoteTest, SaysWhyItCannotLoad) {
  boot("/nowhere/libweb.so");
  EXPECT_EQ(live(), "1");
  EXPECT_THAT(answers(), ElementsAre(HasSubstr("/nowhere/libweb.so: No such file")));
}

TEST_F(ZygoteTest, SaysWhyWhenItsOrdersCannotBeRead) {
  boot(SAMPLES "/libdeep.so");
  const os::Fd bare = std::move(*os::duplicate(near_.fd()));
  ASSERT_TRUE(os::send_packet(bare.get(), "gibberish", {}, os::Wait::No));
  EXPECT_EQ(live(), "1");
  EXPECT_THAT(answers(), ElementsAre("copied", "loaded", StartsWith("failed: zygote: ")));
}

TEST_F(ZygoteTest, SaysThatItHasNoPlan) {
  ASSERT_TRUE(near_.send(wire::Leave{}, {}, os::Wait::No));
  EXPECT_EQ(live(), "1");
  EXPECT_THAT(answers(), ElementsAre("failed: the master sent no plan"));
}

}  // namespace
}  // namespace hupd::zygote
