#include "master/processes.hpp"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "household.hpp"

namespace hupd::master {
namespace {

constexpr const char* never_forked = "it was never forked: its zygote is gone or stuck";

// Runs `body` in a household of its own: the first promise that it found broken, and all events.
std::string in_household(const std::function<void(Household&, test::Faults&)>& body) {
  return test::in_child([&] {
    Household household;
    test::Faults faults;
    body(household, faults);
    if (faults.first().empty()) return std::string();
    std::string story = faults.first();
    for (const auto& event : household.events) story += "\n  " + event;
    return story + "\n" + household.log();
  });
}

TEST(Processes, AreAZygoteThatCopiesAndLoadsAndWorkersThatAreReady) {
  EXPECT_EQ(in_household([](Household& at, test::Faults& faults) {
              Generation& g = at.add_with_zygote(APP_HELLO);
              faults.expect(g.copy.starts_with(g.directory->path()),
                            "the copy is this generation's");
              faults.expect(g.hash.size() == 64, "its hash is known");
              for (core::WorkerId id : {1U, 2U}) {
                at.processes.fork_worker(g, id, static_cast<std::uint32_t>(id));
              }
              at.until([&] { return at.count("1 ready") + at.count("2 ready") == 2; });
              for (const char* event : {"1 forked", "1 ready", "2 forked", "2 ready"}) {
                faults.expect(at.count(event) == 1, std::string("once: ") + event);
              }
              faults.expect(at.processes.worker(2)->child->is_born(), "it can be signalled");
              faults.expect(at.processes.generation_of(2) == &g, "it is of its generation");
            }),
            "");
}

TEST(Processes, TellOfAZygoteThatCannotLoadWithTheReason) {
  EXPECT_EQ(in_household([](Household& at, test::Faults& faults) {
              const std::string library = at.directory() / "libweb.so";
              test::write(library, "no library at all");
              Generation& g = at.add(library);
              faults.expect(at.processes.start_zygote(g).has_value(), "it is started");
              at.until([&] { return !at.find("zygote exited").empty(); });
              faults.expect(at.find("zygote failed: " + library + ": not a shared library") != "",
                            "by the name that was deployed");
              faults.expect(at.events.size() == 2 && at.events[1] == "zygote exited: exit code 1",
                            "its word, then its end");
              faults.expect(g.zygote == nullptr, "it is gone");
            }),
            "");
}

TEST(Processes, TellHowAWorkerEndedOnceAndForgetIt) {
  EXPECT_EQ(in_household([](Household& at, test::Faults& faults) {
              Generation& g = at.add_with_zygote(APP_HELLO);
              at.processes.fork_worker(g, 1, 7);
              at.until([&] { return at.count("1 ready") == 1; });
              const int pid = at.processes.worker(1)->child->pid();
              at.processes.kill(*at.processes.worker(1));
              at.until([&] { return !at.find("1 exited").empty(); });
              faults.expect(at.events.back() == "1 exited: signal 9 (SIGKILL)", "how it ended");
              faults.expect(at.processes.worker(1) == nullptr, "it is none any more");
              const auto ended = at.processes.take_ended();
              faults.expect(ended.size() == 1 && ended.at(1).name.slot == 7 &&
                                ended.at(1).name.pid == pid &&
                                ended.at(1).how == "signal 9 (SIGKILL)",
                            "its name is kept for the report");
              faults.expect(at.processes.take_ended().empty(), "until it was taken");
            }),
            "");
}

TEST(Processes, EndPolitelyWhenTheyAreTold) {
  EXPECT_EQ(in_household([](Household& at, test::Faults& faults) {
              Generation& g = at.add_with_zygote(APP_HELLO);
              at.processes.fork_worker(g, 1, 1);
              at.until([&] { return at.count("1 ready") == 1; });
              at.processes.worker(1)->child->send(wire::Quit{});
              g.zygote->send(wire::Leave{});
              at.until([&] { return at.find("1 exited") != "" && at.find("zygote exited") != ""; });
              faults.expect(at.count("1 exited: exit code 0") == 1, "the worker");
              faults.expect(at.count("zygote exited: exit code 0") == 1, "the zygote");
            }),
            "");
}

TEST(Processes, AnswerAForkThatCannotBeWithAnExit) {
  EXPECT_EQ(in_household([](Household& at, test::Faults& faults) {
              Generation& g = at.add(APP_HELLO);  // no zygote
              at.processes.fork_worker(g, 1, 1);
              faults.expect(at.events == std::vector<std::string>{"1 failed: its zygote is gone",
                                                                  "1 exited: its zygote is gone"},
                            "the reason and the end");
              faults.expect(g.workers.empty(), "nothing is left of it");
            }),
            "");
}

TEST(Processes, AreForkedByTheDozenThoughAChannelHoldsFewer) {
  EXPECT_EQ(in_household([](Household& at, test::Faults& faults) {
              Generation& g = at.add_with_zygote(APP_HELLO);
              constexpr core::WorkerId many = 50;
              for (core::WorkerId id = 1; id <= many; ++id) {
                at.processes.fork_worker(g, id, static_cast<std::uint32_t>(id));
              }
              const auto ready = [&] {
                std::size_t count = 0;
                for (core::WorkerId id = 1; id <= many; ++id) {
                  count += at.count(std::to_string(id) + " ready");
                }
                return count;
              };
              at.until([&] { return ready() == many; });
              faults.expect(ready() == many, "each is ready once");
              faults.expect(g.waiting.empty() && g.being_forked == 0, "nothing is outstanding");
            }),
            "");
}

TEST(Processes, GiveUpAWorkerThatWasNeverBornAndKillOneThatComesTooLate) {
  EXPECT_EQ(in_household([](Household& at, test::Faults& faults) {
              Generation& g = at.add_with_zygote(APP_HELLO);
              ::kill(g.zygote->pid(), SIGSTOP);
              at.processes.fork_worker(g, 1, 1);
              faults.expect(!at.processes.worker(1)->child->is_born(), "it has no pid");
              at.processes.kill(*at.processes.worker(1));
              at.until([&] { return at.processes.worker(1) == nullptr; });
              faults.expect(at.count(std::string("1 failed: ") + never_forked) == 1, "why");
              faults.expect(at.count(std::string("1 exited: ") + never_forked) == 1, "its end");
              ::kill(g.zygote->pid(), SIGCONT);
              at.until([&] { return at.strangers == 1; });
              faults.expect(at.strangers == 1, "the late one does not live on");
              faults.expect(at.count("1 forked") == 0, "and is no news");
            }),
            "");
}

TEST(Processes, GiveUpAllThatADeadZygoteWasToFork) {
  EXPECT_EQ(in_household([](Household& at, test::Faults& faults) {
              Generation& g = at.add_with_zygote(APP_HELLO);
              ::kill(g.zygote->pid(), SIGSTOP);
              constexpr core::WorkerId many = 40;  // more than it is asked for at a time
              for (core::WorkerId id = 1; id <= many; ++id) {
                at.processes.fork_worker(g, id, static_cast<std::uint32_t>(id));
              }
              g.zygote->signal(os::Signal::Kill);
              at.until([&] { return g.workers.empty(); });
              faults.expect(at.count("zygote exited: signal 9 (SIGKILL)") == 1, "the zygote's end");
              for (core::WorkerId id = 1; id <= many; ++id) {
                const std::string end = std::to_string(id) + " exited: " + never_forked;
                faults.expect(at.count(end) == 1, "once: " + end);
              }
            }),
            "");
}

TEST(Processes, HaveAHeartbeatWhileTheyAccept) {
  EXPECT_EQ(in_household([](Household& at, test::Faults& faults) {
              Generation& g = at.add_with_zygote(APP_HELLO);
              at.processes.fork_worker(g, 1, 1);
              at.until([&] { return at.count("1 ready") == 1; });
              faults.expect(at.processes.heartbeats().empty(), "not on standby");
              at.processes.worker(1)->child->send(wire::Accept{});
              at.until([&] { return at.processes.heartbeats().size() == 1; });
              const auto beats = at.processes.heartbeats();
              faults.expect(beats.size() == 1 && beats[0].worker == 1, "its worker");
              at.until([&] { return at.processes.heartbeats()[0].count != beats[0].count; });
              faults.expect(at.processes.heartbeats()[0].count != beats[0].count, "it beats");
            }),
            "");
}

TEST(Processes, OfStrangersAreNoneOfTheirs) {
  EXPECT_EQ(in_household([](Household& at, test::Faults& faults) {
              at.add_with_zygote(APP_HELLO);
              const auto before = at.events.size();
              const pid_t stranger = ::fork();
              if (stranger == 0) ::_exit(0);
              at.until([&] { return at.strangers == 1; });
              faults.expect(at.strangers == 1 && at.events.size() == before, "no event");
              faults.expect(at.processes.worker(99) == nullptr, "nobody of that name");
              faults.expect(at.processes.find(99) == nullptr, "no such generation");
            }),
            "");
}

TEST(Processes, OfAForgottenGenerationLeaveNoCopyBehind) {
  EXPECT_EQ(in_household([](Household& at, test::Faults& faults) {
              Generation& g = at.add_with_zygote(APP_HELLO);
              const std::string directory = g.directory->path();
              faults.expect(std::filesystem::exists(g.copy), "there is a copy");
              g.zygote->send(wire::Leave{});
              at.until([&] { return g.zygote == nullptr; });
              at.processes.forget(1);
              faults.expect(!std::filesystem::exists(directory), "it is gone");
              faults.expect(at.processes.find(1) == nullptr, "and so is the generation");
              at.processes.forget(1);
            }),
            "");
}

TEST(Generation, NamesTheDeployedFileInPlaceOfItsCopy) {
  Generation g;
  g.app.library = "/srv/libweb.so";
  EXPECT_EQ(g.in_terms_of_deployed("load /run/x/libweb.so: bad"), "load /run/x/libweb.so: bad");
  g.copy = "/run/x/libweb.so";
  EXPECT_EQ(g.in_terms_of_deployed("/run/x/libweb.so: bad, /run/x/libweb.so"),
            "/srv/libweb.so: bad, /srv/libweb.so");
}

}  // namespace
}  // namespace hupd::master
