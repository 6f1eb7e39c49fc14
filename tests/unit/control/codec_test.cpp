#include "control/codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hupd::control {
namespace {

using testing::HasSubstr;

std::string fault_of(std::string_view line) {
  const auto request = parse_request(line);
  EXPECT_FALSE(request) << line;
  return request ? "" : request.error();
}

TEST(Request, HasDefaultsForAllButVersionAndCommand) {
  const auto request = parse_request(R"({"version":1,"command":"reload"})");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->command, Command::Reload);
  EXPECT_TRUE(request->apps.empty());
  EXPECT_TRUE(request->wait);
  EXPECT_FALSE(request->steps);
  EXPECT_FALSE(request->workers);
}

TEST(Request, IsReadAsItWasWritten) {
  Request request;
  request.command = Command::Scale;
  request.apps = {"web", "a \"b\"\n\x01"};
  request.workers = 7;
  request.drained = true;
  const std::string line = to_line(request);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_EQ(parse_request(line), request);
}

TEST(Request, WithAFaultIsExplained) {
  EXPECT_THAT(fault_of("garbage"), HasSubstr("not a JSON object"));
  EXPECT_THAT(fault_of("[]"), HasSubstr("not a JSON object"));
  EXPECT_THAT(fault_of(R"({"command":"status"})"), HasSubstr("'version' has to be 1"));
  EXPECT_THAT(fault_of(R"({"version":2,"command":"status"})"), HasSubstr("'version'"));
  EXPECT_THAT(fault_of(R"({"version":1})"), HasSubstr("'command' is missing"));
  EXPECT_THAT(fault_of(R"({"version":1,"command":"halt"})"), HasSubstr("'command'"));
  EXPECT_THAT(fault_of(R"({"version":1,"command":"status","apps":[1]})"), HasSubstr("'apps'"));
  EXPECT_THAT(fault_of(R"({"version":1,"command":"scale","workers":-1})"), HasSubstr("'workers'"));
  EXPECT_THAT(fault_of(R"({"version":1,"command":"scale","workers":4294967296})"),
              HasSubstr("'workers'"));
  EXPECT_THAT(fault_of(R"({"version":1,"command":"stop","quikc":true})"),
              testing::AllOf(HasSubstr("unknown key 'quikc'"), HasSubstr("quick")));
}

TEST(Request, MayBeNestedDeeplyWithoutHarm) {
  EXPECT_FALSE(parse_request(std::string(longest_request, '[')));
  std::string objects;
  for (int i = 0; i < 10'000; ++i) objects += R"({"a":)";
  EXPECT_FALSE(parse_request(objects));
}

TEST(Reply, IsReadAsItWasWritten) {
  Status status;
  status.pid = 7;
  status.past = {3, 1, 2, "2026-11-23T12:00:00.000Z"};
  status.keeping = {Keeper::Process, 4};
  AppStatus& app = status.apps.emplace_back();
  app.app = "web";
  app.last_reload.emplace().reason = "no database";
  app.last_reload->ended_ms = 12;
  app.generations.emplace_back().workers.emplace_back().age_ms = 5;
  app.generations[0].workers[0].counts.requests = 3;
  app.counts.sent_bytes = UINT64_MAX;
  app.reloads = {{Outcome::Rejected, 4}};
  const auto read = parse_reply(to_line(status));
  ASSERT_TRUE(read) << read.error();
  const auto& same = std::get<Status>(*read);
  EXPECT_EQ(same.pid, 7U);
  EXPECT_EQ(same.past, status.past);
  EXPECT_EQ(same.keeping, status.keeping);
  EXPECT_EQ(same.apps[0].last_reload->reason, "no database");
  EXPECT_EQ(same.apps[0].last_reload->ended_ms, 12U);
  EXPECT_FALSE(same.apps[0].last_reload->drained_ms);
  EXPECT_EQ(same.apps[0].generations[0].workers[0].age_ms, 5U);
  EXPECT_EQ(same.apps[0].generations[0].workers[0].counts.requests, 3U);
  EXPECT_EQ(same.apps[0].counts, app.counts);
  EXPECT_EQ(same.apps[0].reloads[0].outcome, Outcome::Rejected);
  EXPECT_EQ(same.apps[0].reloads[0].count, 4U);
}

TEST(Reply, OfEachTypeIsToldApart) {
  const Reply replies[] = {Status{}, History{}, Event{}, Result{}, Accepted{}, Error{}};
  for (const auto& reply : replies) {
    const auto read = parse_reply(to_line(reply));
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->index(), reply.index());
  }
}

TEST(Reply, OfAYoungerMasterMayHaveMoreKeys) {
  EXPECT_TRUE(parse_reply(R"({"version":1,"type":"accepted","tickets":[],"weather":"fine"})"));
  EXPECT_FALSE(parse_reply(R"({"version":1,"type":"weather"})"));
  EXPECT_FALSE(parse_reply(R"({"version":2,"type":"accepted","tickets":[]})"));
}

TEST(Reply, TakesBytesThatAreNoText) {
  Event event;
  event.output = {"\xff\xfe", "half a letter \xc3"};
  const auto read = parse_reply(to_line(event));
  ASSERT_TRUE(read);
  EXPECT_THAT(std::get<Event>(*read).output[1], testing::StartsWith("half a letter "));
}

}  // namespace
}  // namespace hupd::control
