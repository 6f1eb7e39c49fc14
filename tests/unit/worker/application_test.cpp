#include "worker/application.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "os/pipe.hpp"
#include "support/child.hpp"
#include "support/result.hpp"
#include "worker/handle.hpp"
#include "worker/host.hpp"

namespace hupd::worker {
namespace {

using test::fault_of;
using testing::HasSubstr;
using testing::StartsWith;

// What is wrong with the library, behind its path.
std::string fault_in(const std::string& path) {
  const std::string fault = fault_of(Application::load(path));
  return fault.starts_with(path + ": ") ? fault.substr(path.size() + 2) : fault;
}

TEST(Load, TakesAWholeTable) {
  const auto application = Application::load(SAMPLE_WHOLE);
  ASSERT_EQ(fault_of(application), "");
  EXPECT_EQ(application->version(), "1.2.3");
  EXPECT_NE(application->table().http, nullptr);
}

TEST(Load, SaysThatACopyIsGone) {
  EXPECT_EQ(fault_in("/nowhere/libweb.so"), "load /nowhere/libweb.so: its private copy is gone");
}

TEST(Load, RefusesALibraryWithoutTheEntryPoint) {
  EXPECT_EQ(fault_in(SAMPLE_UNNAMED),
            "no entry point: it does not export hupd_application (HUPD_APP(YourService) makes it)");
}

TEST(Load, RefusesAnotherVersionOfTheInterface) {
  EXPECT_EQ(fault_in(SAMPLE_OTHER_ABI),
            "built for ABI version 2, this hupd has 1: build it again with this hupd's headers");
}

TEST(Load, RefusesATableThatIsTooShort) {
  EXPECT_EQ(fault_in(SAMPLE_SHORT_TABLE), "its table is " +
                                              std::to_string(offsetof(hupd_app, http)) +
                                              " bytes, too short for ABI version 1");
}

TEST(Load, RefusesNoHeightAndTwo) {
  const std::string fault = "exactly one of listener, connection and http must be set";
  EXPECT_EQ(fault_in(SAMPLE_NO_HEIGHT), fault);
  EXPECT_EQ(fault_in(SAMPLE_TWO_HEIGHTS), fault);
}

TEST(Load, RefusesAHeightWithoutItsRequiredCallback) {
  EXPECT_EQ(fault_in(SAMPLE_NO_REQUEST), "http.request is required");
  EXPECT_EQ(fault_in(SAMPLE_NO_DATA), "connection.data is required");
  EXPECT_EQ(fault_in(SAMPLE_NO_UPGRADED_DATA), "http.upgraded.data is required");
  EXPECT_EQ(fault_in(SAMPLE_NO_DRAIN), "listener.listen and listener.drain are required");
}

TEST(Load, FindsAMissingSymbolNowAndNotAtARequest) {
  const std::string fault = fault_of(Application::load(SAMPLE_UNRESOLVED));
  EXPECT_THAT(fault, StartsWith("load " SAMPLE_UNRESOLVED ": "));
  EXPECT_THAT(fault, HasSubstr("nobody_has_this"));
}

TEST(Load, SaysWhatIsNotThere) {
  EXPECT_THAT(fault_of(Application::load("/nowhere/libx.so")), HasSubstr("/nowhere/libx.so"));
}

TEST(Callbacks, ThatAreNullSucceed) {
  auto application = Application::load(SAMPLE_NO_CALLBACKS);
  ASSERT_EQ(fault_of(application), "");
  hupd_worker worker;
  EXPECT_EQ(application->version(), "");
  EXPECT_TRUE(application->create());
  EXPECT_EQ(application->instance(), nullptr);
  EXPECT_EQ(application->start(worker).value(), HUPD_READY);
  application->stop();
}

// What comes of callbacks that return these digits. In a child: the host is set up once a process.
std::string outcome(const std::string& create, const std::string& start) {
  return test::in_child([&] {
    static config::App app;
    app.settings_text = {{"create", create}, {"start", start}};
    set_up_host(app);
    auto application = Application::load(SAMPLE_WHOLE);
    if (auto created = application->create(); !created) return created.error().text;
    hupd_worker worker;
    const auto started = application->start(worker);
    if (!started) return started.error().text;
    return std::string(*started == HUPD_READY ? "ready" : "pending");
  });
}

TEST(Callbacks, StartReadyOrPending) {
  EXPECT_EQ(outcome("0", "0"), "ready");
  EXPECT_EQ(outcome("0", "1"), "pending");
}

TEST(Callbacks, FailWithTheApplicationsOwnReasonInOneLine) {
  EXPECT_EQ(outcome("5", "0"), "create failed with 5: no space");
  EXPECT_EQ(outcome("0", "2"), "start failed with 2: no database");
}

TEST(Callbacks, FailWithoutAReasonToo) {
  EXPECT_EQ(outcome("1", "0"), "create failed with 1: it gave no reason");
}

TEST(Log, TakesTheNearestLevelForANumberThatIsNone) {
  EXPECT_EQ(test::in_child([] {
              auto pipe = os::output_pipe();
              os::replace_output(pipe->writer.get());
              host_table().log(42, {"noise", 5});
              host_table().log(-1, {"alarm", 5});
              host_table().log(HUPD_WARNING, {"two\nlines", 9});
              std::string written;
              os::read_available(pipe->reader.get(), written);
              return written;
            }),
            "<7>noise\n<0>alarm\n<4>two lines\n");
}

}  // namespace
}  // namespace hupd::worker
