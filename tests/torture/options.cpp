#include "options.hpp"

#include <cstdint>
#include <map>
#include <stdexcept>

#include <CLI/CLI.hpp>

namespace hupd::torture {
namespace {

using Millis = std::chrono::milliseconds;

// Caps: enough for every use on one machine, and too little to hurt it by a slip of the hand.
constexpr int max_rate = 20'000;
constexpr int max_connections = 5'000;

// "2s", "250ms", "1m" into a Duration.
void add_time(CLI::App& app, const std::string& flag, Duration& into, const std::string& help) {
  const std::map<std::string, std::int64_t> units{{"ms", 1}, {"s", 1000}, {"m", 60'000}};
  app.add_option_function<std::int64_t>(
         flag, [&into](const std::int64_t& value) { into = Millis(value); }, help)
      ->transform(CLI::AsNumberWithUnit(units, CLI::AsNumberWithUnit::UNIT_REQUIRED, "TIME"))
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{3'600'000}));
}

template <typename Number>
CLI::Option* add_count(CLI::App& app, const std::string& flag, Number& into, int most,
                       const std::string& help) {
  return app.add_option(flag, into, help)->check(CLI::Range(0, most))->capture_default_str();
}

void add_loads(CLI::App& app, Options& o) {
  app.option_defaults()->group("Loads, any number of them at once");
  add_count(app, "--fresh", o.fresh, max_rate, "New connections a second, a request on each");
  add_count(app, "--busy", o.busy, max_connections, "Keep-alive connections that never pause");
  add_count(app, "--thinking", o.thinking, max_connections, "Keep-alive connections that pause");
  add_time(app, "--think", o.think, "Their pause from answer to request [1s]");
  add_count(app, "--think-jitter", o.think_jitter_percent, 100, "Per cent of it, up or down");
  add_count(app, "--pipelining", o.pipelining, max_connections, "Connections that pipeline");
  add_count(app, "--depth", o.depth, 64, "Requests in flight on each of them");
  add_count(app, "--uploads", o.uploads, max_connections, "Connections that POST slowly");
  add_count(app, "--upload-size", o.upload_size, 16 << 20, "Bytes of each body");
  add_count(app, "--upload-pieces", o.upload_pieces, 10'000, "Pieces that it is sent in");
  add_time(app, "--upload-time", o.upload_time, "Time that it is spread over [1s]");
  app.add_option("--upload-target", o.upload_target, "Path to POST to")->capture_default_str();
  add_count(app, "--long", o.long_requests, max_connections, "Connections to a slow path");
  app.add_option("--long-target", o.long_target, "That path")->capture_default_str();
}

void add_answers(CLI::App& app, Options& o) {
  app.option_defaults()->group("Questions and answers");
  app.add_option("--target", o.question.target, "Path to GET")->capture_default_str();
  app.add_option("--status", o.question.status, "Status expected")->capture_default_str();
  app.add_option("--expect", o.question.expect, "Body expected, byte for byte");
  app.add_option("--expect-upload", o.expect_upload, "Body expected from the upload target");
  app.add_option("--expect-long", o.expect_long, "Body expected from the slow path");
  add_time(app, "--connect-timeout", o.timeouts.connect, "For a connect [2s]");
  add_time(app, "--timeout", o.timeouts.request, "From sending to the response's end [10s]");
  app.add_option("--generation-header", o.generation_header,
                 "Response header that names the server's generation");
  app.add_flag("--generation-body", o.generation_body, "The body names the generation");
}

void add_reloads(CLI::App& app, Options& o) {
  app.option_defaults()->group("Reloads");
  app.add_option("--reload-command", o.reload.command, "Run by /bin/sh, as in 'kill -HUP 123'");
  add_time(app, "--reload-every", o.reload.every, "Time between two [2s]");
  add_count(app, "--reloads", o.reload.count, 100'000, "Number that must fit; 0: what fits");
  app.add_flag("--must-switch", o.must_switch,
               "Each must bring a generation never seen before; else a server that ignores its "
               "reloads would pass");
  app.add_flag("--end-when-reloaded", o.end_when_reloaded,
               "Ends one --reload-every after the last of --reloads; --duration is the most then");
  app.add_flag("--must-keep", o.must_keep,
               "The server may close no kept-alive connection, however politely");
}

void check_together(const Options& o) {
  if (o.fresh + o.busy + o.thinking + o.pipelining + o.uploads + o.long_requests == 0) {
    throw CLI::ValidationError("no load", "give at least one, such as --busy 8");
  }
  if (o.upload_pieces == 0 || o.depth == 0) {
    throw CLI::ValidationError("--upload-pieces, --depth", "must be 1 or more");
  }
  if (o.must_switch && o.generation_header.empty() && !o.generation_body) {
    throw CLI::ValidationError("--must-switch", "needs --generation-header or --generation-body");
  }
  if (o.end_when_reloaded && (o.reload.command.empty() || o.reload.count == 0)) {
    throw CLI::ValidationError("--end-when-reloaded", "needs --reload-command and --reloads");
  }
  if (!o.reload.command.empty() && o.reload.every <= Duration::zero()) {
    throw CLI::ValidationError("--reload-every", "must be more than nothing");
  }
  if (o.reload.every * static_cast<std::int64_t>(o.reload.count) > o.duration) {
    throw CLI::ValidationError("--reloads", "do not fit into --duration at --reload-every");
  }
}

}  // namespace

int parse_options(int argc, char** argv, Options& o) {
  CLI::App app{
      "Loads a service from many sides while it is reloaded, and tells every failure that a client "
      "could see.\nSIGTERM ends it before its time. Exit code 0: none; 1: some; 2: wrong usage. "
      "Loopback and unix sockets only."};
  app.name("hupd-torture");
  o.reload.every = std::chrono::seconds(2);

  app.add_option_function<std::vector<std::string>>(
         "--connect",
         [&o](const std::vector<std::string>& texts) {
           for (const std::string& text : texts) {
             try {
               o.targets.push_back(parse_address(text));
             } catch (const std::invalid_argument& error) {
               throw CLI::ValidationError("--connect", error.what());
             }
           }
         },
         "127.0.0.1:8080, [::1]:8080 or unix:PATH; several are used in turn")
      ->required();
  add_time(app, "--duration", o.duration, "Of the run [10s]");
  app.add_option("--json", o.json, "Write the results to this file; - is standard output");
  add_loads(app, o);
  add_answers(app, o);
  add_reloads(app, o);
  try {
    app.parse(argc, argv);
    check_together(o);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return -1;
}

}  // namespace hupd::torture
