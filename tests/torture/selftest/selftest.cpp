// A torture client that cannot fail is worthless: each class of failure is caused on purpose and
// must come out under its own name, and what is no failure must not come out as one.
#include <string>

#include <gtest/gtest.h>

#include "faulty_server.hpp"
#include "run.hpp"

namespace hupd::torture {
namespace {

using namespace std::chrono_literals;

constexpr const char* answer = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n";
constexpr const char* last_answer =
    "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello\n";

Options options_for(const Address& address) {
  Options options;
  options.targets = {address};
  options.duration = 150ms;
  options.timeouts = {.connect = 20s, .request = 20s};
  options.question.expect = "hello\n";
  return options;
}

Options fresh(const Address& address) {
  Options options = options_for(address);
  options.fresh = 50;
  return options;
}

// For servers that never answer.
Options impatient(Options options) {
  options.timeouts = {.connect = 100ms, .request = 100ms};
  return options;
}

Options busy(const Address& address) {
  Options options = options_for(address);
  options.busy = 1;
  return options;
}

// So many reloads, which do nothing, each followed by the next when its generation has been seen.
Options until_each_is_seen(Options options, std::size_t reloads) {
  options.duration = 60s;
  options.generation_header = "x-generation";
  options.must_switch = options.end_when_reloaded = true;
  options.reload = {.command = ":", .every = 1ms, .count = reloads};
  return options;
}

Options thinking(const Address& address) {
  Options options = options_for(address);
  options.thinking = 1;
  options.think = 20ms;
  return options;
}

// Longer each time: on a busy machine a short run may be over before anything has happened.
Results run_until(bool (*has_come)(const Statistics&), Options options) {
  Results results = run(options);
  while (!has_come(results.loads.front()) && options.duration < 20s) {
    options.duration *= 2;
    results = run(options);
  }
  return results;
}

bool has_failed(const Statistics& load) { return load.failed() > 0; }
bool has_answers(const Statistics& load) { return load.answered > 1; }

Results run_until_failure(const Options& options) { return run_until(has_failed, options); }

// Of this kind there are some, and there are no others.
void expect_only(Failure kind, const Results& results) {
  ASSERT_EQ(results.loads.size(), 1u);
  const Statistics& load = results.loads.front();
  EXPECT_TRUE(results.failed());
  EXPECT_GT(load.failed(kind), 0u) << name_of(kind);
  EXPECT_EQ(load.failed(), load.failed(kind))
      << "first: " << name_of(load.samples.front().failure) << ", " << load.samples.front().detail;
}

// By value: `run` hands over a temporary.
Statistics expect_none(const Results& results) {
  const Statistics& load = results.loads.front();
  EXPECT_FALSE(results.failed()) << (load.samples.empty() ? "" : load.samples.front().detail);
  EXPECT_GT(load.answered, 0u);
  return load;
}

void serve_well(Peer& peer) {
  while (peer.read_request()) peer.send(answer);
}
void serve_once(Peer& peer) {
  if (peer.read_request()) peer.send(last_answer);
}

TEST(Detects, ConnectRefused) {
  expect_only(Failure::ConnectRefused, run_until_failure(fresh(closed_port())));
  expect_only(Failure::ConnectRefused, run_until_failure(busy(closed_port())));
}

TEST(Detects, ConnectRefusedByAMissingUnixSocket) {
  expect_only(Failure::ConnectRefused,
              run_until_failure(fresh(parse_address("unix:/nonexistent/socket"))));
}

TEST(Detects, ConnectTimeout) {
  const FullListener full;
  expect_only(Failure::ConnectTimeout, run_until_failure(impatient(fresh(full.address()))));
}

TEST(Detects, CloseWithoutResponse) {
  const FaultyServer server([](Peer& peer) { peer.read_request(); });
  expect_only(Failure::ClosedWithoutResponse, run_until_failure(fresh(server.address())));
  expect_only(Failure::ClosedWithoutResponse, run_until_failure(busy(server.address())));
}

TEST(Detects, ResetBeforeResponse) {
  const FaultyServer server([](Peer& peer) {
    peer.read_request();
    peer.reset();
  });
  expect_only(Failure::ResetBeforeResponse, run_until_failure(fresh(server.address())));
}

TEST(Detects, KeepAliveRaceByCloseAndByReset) {
  for (const bool reset : {false, true}) {
    const FaultyServer server([reset](Peer& peer) {
      if (peer.read_request()) peer.send(answer);
      peer.read_request();
      if (reset) peer.reset();
    });
    expect_only(Failure::KeepAliveRace, run_until_failure(busy(server.address())));
  }
}

TEST(Detects, ResponseCutInHeadAndInBody) {
  for (const char* part :
       {"HTTP/1.1 200 OK\r\nConte", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhel"}) {
    const FaultyServer server([part](Peer& peer) {
      peer.read_request();
      peer.send(part);
    });
    expect_only(Failure::ResponseCut, run_until_failure(fresh(server.address())));
  }
}

TEST(Detects, ResetWithinResponse) {
  const FaultyServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhel");
    peer.reset();
  });
  expect_only(Failure::ResetWithinResponse, run_until_failure(fresh(server.address())));
}

TEST(Detects, ResetAfterResponse) {
  const FaultyServer server([](Peer& peer) {
    peer.read_request();
    peer.send(last_answer);
    peer.reset();
  });
  const auto has_both = [](const Statistics& load) {
    return load.failed() > 0 && load.answered > 0;
  };
  const Results results = run_until(has_both, fresh(server.address()));
  expect_only(Failure::ResetAfterResponse, results);
  EXPECT_GT(results.loads.front().answered, 0u);
}

TEST(Detects, ResetOfAnIdleConnection) {
  const FaultyServer server([](Peer& peer) {
    if (peer.read_request()) peer.send(answer);
    peer.reset();
  });
  expect_only(Failure::ResetWhileIdle, run_until_failure(thinking(server.address())));
}

TEST(Detects, MalformedResponseAndBytesThatNobodyAskedFor) {
  for (const char* bytes : {"hello\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nhello\n"}) {
    const FaultyServer server([bytes](Peer& peer) {
      peer.read_request();
      peer.send(bytes);
      peer.wait_for_end();
    });
    Options options = thinking(server.address());
    options.question.expect.clear();
    expect_only(Failure::Malformed, run_until_failure(options));
  }
}

TEST(Detects, WrongStatus) {
  const FaultyServer server([](Peer& peer) {
    while (peer.read_request()) {
      peer.send("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 6\r\n\r\nhello\n");
    }
  });
  expect_only(Failure::WrongStatus, run_until_failure(busy(server.address())));
}

TEST(Detects, WrongBody) {
  const FaultyServer server([](Peer& peer) {
    while (peer.read_request()) peer.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nHELLO\n");
  });
  expect_only(Failure::WrongBody, run_until_failure(busy(server.address())));
}

TEST(Detects, NoAnswerInTime) {
  const FaultyServer server([](Peer& peer) {
    peer.read_request();
    peer.wait_for_end();
  });
  expect_only(Failure::TimedOut, run_until_failure(impatient(busy(server.address()))));
}

TEST(Detects, EveryRequestThatWasPipelinedBehindACut) {
  const FaultyServer server([](Peer& peer) {
    for (int i = 0; i < 3; ++i) peer.read_request();
    peer.send(std::string(answer) + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhel");
  });
  Options options = options_for(server.address());
  options.pipelining = 1;
  options.depth = 3;
  const Results results = run_until_failure(options);
  const Statistics& load = results.loads.front();
  EXPECT_EQ(load.requests, load.answered + load.failed());
  EXPECT_GE(load.failed(), 2u);
  EXPECT_GT(load.failed(), load.answered);
}

TEST(Detects, AFailingReloadCommandAndReloadsThatDidNotFit) {
  const FaultyServer server(serve_well);
  Options options = busy(server.address());
  options.reload = {.command = "exit 3", .every = 20ms, .count = 2};
  options.duration = 60s;
  options.end_when_reloaded = true;
  const Results results = run(options);
  EXPECT_TRUE(results.failed());
  ASSERT_EQ(results.reloads.size(), 2u);
  EXPECT_EQ(results.reloads.front().outcome, "exit code 3");

  options = busy(server.address());
  options.reload = {.command = "sleep 0.5", .every = 20ms, .count = 2};
  EXPECT_EQ(run(options).reloads_missed, 1u);
}

TEST(Detects, AServerThatIgnoresItsReloads) {
  const FaultyServer server(serve_well);
  Options options = busy(server.address());
  options.generation_body = true;
  options.must_switch = true;
  options.reload = {.command = ":", .every = 20ms, .count = 2};
  const Results results = run(options);
  EXPECT_EQ(results.loads.front().failed(), 0u);
  EXPECT_EQ(results.without_switch, 1u);
  EXPECT_EQ(results.reloads_missed, 1u) << "it would have been waited for";
  EXPECT_TRUE(results.failed());
}

TEST(Tolerates, ANewGenerationThatComesAfterTheNextReloadWasDue) {
  int requests = 0;
  const FaultyServer server([&](Peer& peer) {
    while (peer.read_request()) {
      const std::string generation = std::to_string(requests++ / 300);
      peer.send("HTTP/1.1 200 OK\r\nX-Generation: " + generation +
                "\r\nContent-Length: 6\r\n\r\nhello\n");
    }
  });
  const Options options = until_each_is_seen(busy(server.address()), 3);
  const Results results = run(options);
  EXPECT_EQ(results.without_switch, 0u);
  EXPECT_EQ(results.reloads_missed, 0u);
  EXPECT_LT(results.took, options.duration);
  EXPECT_FALSE(results.failed());
}

TEST(Detects, AServerThatClosesConnectionsWhereNoneIsToBe) {
  const FaultyServer polite(serve_once);
  Options options = busy(polite.address());
  options.must_keep = true;
  const auto is_closed = [](const Statistics& load) { return load.polite_closes > 0; };
  const Results results = run_until(is_closed, options);
  EXPECT_EQ(results.loads.front().failed(), 0u);
  EXPECT_GT(results.closed, 0u);
  EXPECT_TRUE(results.failed());

  const FaultyServer well(serve_well);
  Options kept = busy(well.address());
  kept.must_keep = true;
  EXPECT_FALSE(run_until(has_answers, kept).failed());
}

TEST(Tolerates, AServerThatServesWell) {
  const FaultyServer server(serve_well);
  const Results results = run_until(has_answers, busy(server.address()));
  const Statistics load = expect_none(results);
  EXPECT_EQ(load.connections, 1u);
  EXPECT_EQ(load.latency.count(), load.answered);
}

TEST(Tolerates, ClosesThatFollowTheRules) {
  const FaultyServer polite(serve_once);
  expect_none(run_until(has_answers, fresh(polite.address())));
  const auto is_back = [](const Statistics& load) { return load.reconnects > 0; };
  const Results results = run_until(is_back, busy(polite.address()));
  const Statistics load = expect_none(results);
  EXPECT_EQ(load.polite_closes, load.answered);
  EXPECT_GT(load.reconnects, 0u);
}

TEST(Tolerates, AnIdleConnectionClosedButCountsIt) {
  const FaultyServer server([](Peer& peer) {
    if (peer.read_request()) peer.send(answer);
  });
  const auto is_closed = [](const Statistics& load) { return load.idle_closes > 0; };
  const Results results = run_until(is_closed, thinking(server.address()));
  const Statistics load = expect_none(results);
  EXPECT_GT(load.idle_closes, 0u);
  EXPECT_EQ(load.lost.size(), load.idle_closes);
  EXPECT_EQ(load.lost.front().how, "idle_close");
}

TEST(Tells, WhichConnectionsWereLostAndWhenTheyLived) {
  const FaultyServer server([](Peer& peer) { peer.read_request(); });
  const Time before = Clock::now();
  const Results results = run_until_failure(fresh(server.address()));
  const Statistics& load = results.loads.front();
  ASSERT_FALSE(load.lost.empty());
  EXPECT_EQ(load.lost.size(), load.failed());
  for (const Lost& one : load.lost) {
    EXPECT_EQ(one.how, name_of(Failure::ClosedWithoutResponse));
    EXPECT_EQ(one.server, server.address().text);
    EXPECT_EQ(one.client.substr(0, 7), "127.77.");
    EXPECT_TRUE(before <= one.opened && one.opened < one.ended && one.ended <= Clock::now());
  }
}

TEST(Tolerates, APoliteCloseInAPipelineAndAsksAgain) {
  const FaultyServer server([](Peer& peer) {
    if (peer.read_request()) peer.send(last_answer);
    peer.close_gently();
  });
  Options options = options_for(server.address());
  options.pipelining = 1;
  options.depth = 3;
  const auto has_resent = [](const Statistics& load) { return load.resent > 0; };
  EXPECT_GT(expect_none(run_until(has_resent, options)).resent, 0u);
}

TEST(Tells, WhichGenerationsAConnectionSawAndWhenTheFirstNewAnswerCame) {
  std::atomic<int> generation = 0;
  const FaultyServer server([&](Peer& peer) {
    while (peer.read_request()) {
      peer.send("HTTP/1.1 200 OK\r\nX-Generation: " + std::to_string(++generation > 500) +
                "\r\nContent-Length: 6\r\n\r\nhello\n");
    }
  });
  const Options options = until_each_is_seen(busy(server.address()), 1);
  const Results results = run(options);
  expect_none(results);
  EXPECT_EQ(results.generations, 2u);
  ASSERT_EQ(results.switches.size(), 1u);
  EXPECT_TRUE(results.switches.front().switched);
  EXPECT_EQ(results.switches.front().to, "1");
  EXPECT_GE(results.switches.front().first_new, results.switches.front().last_old);
  EXPECT_EQ(results.loads.front().generations.at(2), 1u);
}

}  // namespace
}  // namespace hupd::torture
