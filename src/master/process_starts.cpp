// How the processes of an app come to be.
#include "log/logger.hpp"
#include "master/processes.hpp"
#include "os/memory.hpp"
#include "os/pipe.hpp"
#include "zygote/zygote.hpp"

namespace hupd::master {

os::Result<void> Processes::start_zygote(Generation& generation) {
  auto channel = os::channel_pair();
  if (!channel) return tl::unexpected(channel.error());
  auto output = os::output_pipe();
  if (!output) return tl::unexpected(output.error());
  auto plan = os::memory_file_with("hupd-plan", generation.app.plan);
  if (!plan) return tl::unexpected(plan.error());
  auto spawned = os::spawn_self(zygote::arguments(app_, generation.id),
                                os::child_environment(generation.app.environment),
                                channel->second.get(), output->writer.get());
  if (!spawned) return tl::unexpected(spawned.error());
  generation.zygote = std::make_unique<Child>(
      loop_, ChildName{app_, generation.id, 0, 0}, wire::Link(std::move(channel->first)),
      std::move(output->reader),
      [this, &generation](wire::Letter& letter) { zygote_says(generation, letter); }, [] {});
  generation.zygote->born(spawned->pid, std::move(spawned->pidfd));
  generation.zygote->send(wire::Boot{generation.id, generation.directory, generation.copy},
                          {plan->get()});
  return {};
}

os::Result<void> Processes::try_fork(Generation& generation, core::WorkerId id,
                                     std::uint32_t slot) {
  if (!generation.zygote) return os::refused("its zygote is gone");
  auto channel = os::channel_pair();
  if (!channel) return tl::unexpected(channel.error());
  auto output = os::output_pipe();
  if (!output) return tl::unexpected(output.error());
  const auto page = board_.take_page();
  if (!page) return os::refused("the scoreboard is full");

  WorkerProcess& process = generation.workers[id];
  process.id = id;
  process.page = *page;
  process.child = std::make_unique<Child>(
      loop_, ChildName{app_, generation.id, slot, 0}, wire::Link(std::move(channel->first)),
      std::move(output->reader),
      [this, &generation, id](wire::Letter& letter) { worker_says(generation, id, letter); },
      [this, &generation, id] { channel_ended(generation, id); });

  wire::Start start{generation.id, slot, *page, {}};
  std::vector<int> fds = {board_.read_only_fd(), board_.read_write_fd()};
  for (const auto& listener : generation.listeners) {
    start.listeners.push_back(listener->address());
    fds.push_back(listener->fd());
  }
  process.child->send(start, fds);  // waits in the channel until the worker is born
  generation.zygote->send(wire::Fork{id, slot}, {channel->second.get(), output->writer.get()});
  return {};
}

void Processes::fork_worker(Generation& generation, core::WorkerId id, std::uint32_t slot) {
  const auto forked = try_fork(generation, id, slot);
  if (forked) return;
  post_(core::WorkerFailed{id, forked.error().text});
  post_(core::WorkerExited{id, {false, forked.error().text}});
}

}  // namespace hupd::master
