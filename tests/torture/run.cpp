#include "run.hpp"

#include <algorithm>
#include <csignal>
#include <memory>
#include <string>
#include <utility>

#include <sys/resource.h>

#include "fresh_load.hpp"
#include "keep_alive_load.hpp"

namespace hupd::torture {
namespace {

volatile std::sig_atomic_t told_to_end = 0;

using Loads = std::vector<std::unique_ptr<Load>>;

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

Loads make_loads(Run& run, const Options& o) {
  Loads loads;
  const auto keep_alive = [&](std::string name, const Question& question, const Habits& habits) {
    if (habits.connections == 0) return;
    loads.push_back(std::make_unique<KeepAliveLoad>(run, std::move(name), question, habits));
  };
  if (o.fresh > 0) loads.push_back(std::make_unique<FreshLoad>(run, o.question, o.fresh));
  keep_alive("busy", o.question, {.connections = o.busy});
  keep_alive(
      "thinking", o.question,
      {.connections = o.thinking, .think = o.think, .jitter = o.think_jitter_percent / 100.0});
  keep_alive("pipelining", o.question, {.connections = o.pipelining, .depth = o.depth});

  Question upload = o.question;
  upload.method = "POST";
  upload.target = o.upload_target;
  upload.body = o.upload_size;
  upload.pieces = o.upload_pieces;
  upload.body_time = o.upload_time;
  upload.expect = o.expect_upload;
  keep_alive("uploads", upload, {.connections = o.uploads});

  Question slow = o.question;
  slow.target = o.long_target;
  slow.expect = o.expect_long;
  keep_alive("long", slow, {.connections = o.long_requests});
  return loads;
}

}  // namespace

Results run(const Options& options) {
  raise_descriptor_limit();
  Loop loop;
  Run shared{.loop = loop,
             .targets = options.targets,
             .timeouts = options.timeouts,
             .generation_header = options.generation_header,
             .generation_body = options.generation_body,
             .generations = {},
             .started = loop.now()};
  const Loads loads = make_loads(shared, options);
  ReloadPlan plan = options.reload;
  plan.awaits_switch = options.must_switch;
  Reloader reloader(loop, std::move(plan), shared.generations);
  const TcpCounters before = read_tcp_counters();

  for (const auto& load : loads) load->start();
  reloader.start();
  const auto stop = [&] {
    for (const auto& load : loads) load->stop();
    reloader.stop();
  };
  loop.at(shared.started + options.duration, stop);
  told_to_end = 0;
  std::signal(SIGTERM, [](int) { told_to_end = 1; });
  // Every request has a deadline, and so has the reload command: this ends.
  bool waits_for_all = options.end_when_reloaded;
  loop.run([&] {
    if (told_to_end != 0) stop();
    if (waits_for_all && reloader.all_done()) {
      waits_for_all = false;
      loop.at(loop.now() + options.reload.every, stop);
    }
    return reloader.finished() && std::all_of(loads.begin(), loads.end(),
                                              [](const auto& load) { return load->finished(); });
  });

  Results results{.took = loop.now() - shared.started,
                  .loads = {},
                  .reloads = reloader.records(),
                  .reloads_missed = reloader.missed(),
                  .generations = shared.generations.distinct(),
                  .switches = shared.generations.switches(),
                  .without_switch = 0,
                  .closed = 0,
                  .tcp = read_tcp_counters() - before};
  if (options.must_switch) {
    const auto idle = [](const Switch& one) { return !one.switched; };
    results.without_switch = static_cast<std::size_t>(
        std::count_if(results.switches.begin(), results.switches.end(), idle));
  }
  for (const auto& load : loads) {
    load->conclude();
    results.loads.push_back(load->statistics());
    const Statistics& seen = results.loads.back();
    if (options.must_keep) results.closed += seen.polite_closes + seen.idle_closes;
  }
  return results;
}

bool Results::failed() const {
  const auto bad_load = [](const Statistics& load) {
    return load.failed() > 0 || load.answered == 0;
  };
  return reloads_missed > 0 || without_switch > 0 || closed > 0 ||
         std::any_of(loads.begin(), loads.end(), bad_load) ||
         std::any_of(reloads.begin(), reloads.end(), [](const auto& one) { return one.failed; });
}

}  // namespace hupd::torture
