// How the processes of an app come to be.
#include <algorithm>

#include "core/rules.hpp"
#include "log/logger.hpp"
#include "master/processes.hpp"
#include "master/send_listeners.hpp"
#include "os/memory.hpp"
#include "os/pipe.hpp"
#include "zygote/zygote.hpp"

namespace hupd::master {

Child::OnLetter Processes::hears_zygote(Generation& generation) {
  return [this, &generation](wire::Letter& letter) { zygote_says(generation, letter); };
}

Child::OnLetter Processes::hears_worker(Generation& generation, core::WorkerId id) {
  return [this, &generation, id](wire::Letter& letter) { worker_says(generation, id, letter); };
}

Child::OnEnd Processes::hears_end_of_worker(Generation& generation, core::WorkerId id) {
  return [this, &generation, id] { channel_ended(generation, id); };
}

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
      loop_, vault_, ChildName{app_, generation.id, 0, 0}, wire::Link(std::move(channel->first)),
      std::move(output->reader), hears_zygote(generation), [] {});
  generation.waiting.clear();
  generation.being_forked = 0;
  generation.zygote->born(spawned->pid, std::move(spawned->pidfd), generation.app.kill_timeout);
  generation.zygote->send(wire::Boot{generation.id, generation.directory->path(), generation.copy},
                          {plan->get()});
  return {};
}

void Processes::take_up_zygote(Generation& generation, Generation& source) {
  if (!source.zygote) return;  // its end is told by an event of its own
  generation.zygote = std::move(source.zygote);
  generation.zygote->becomes(generation.id, hears_zygote(generation));
  generation.zygote->send(wire::TakenUp{generation.id});
}

os::Result<void> Processes::try_fork(Generation& generation, core::WorkerId id,
                                     std::uint32_t slot) {
  if (!generation.zygote) return os::refused("its zygote is gone");
  auto channel = os::channel_pair();
  if (!channel) return tl::unexpected(channel.error());
  auto output = os::output_pipe();
  if (!output) return tl::unexpected(output.error());
  const auto page = common_.board.take_page();
  if (!page) return os::refused("the scoreboard is full");

  WorkerProcess& process = generation.workers[id];
  process.id = id;
  process.page = *page;
  process.child = std::make_unique<Child>(
      loop_, vault_, ChildName{app_, generation.id, slot, 0}, wire::Link(std::move(channel->first)),
      std::move(output->reader), hears_worker(generation, id), hears_end_of_worker(generation, id));

  generation.waiting.emplace_back(vault_, process.child->key(), id, slot,
                                  std::move(channel->second), std::move(output->writer));
  send_orders(generation);
  return {};
}

// A few at a time: a channel holds some hundred messages, and the kernel limits the descriptors in
// flight.
void Processes::send_orders(Generation& generation) {
  constexpr std::size_t most_in_flight = 1024;
  const std::size_t with_each = 4 + generation.listeners.size();
  const auto most_at_a_time = std::clamp<std::size_t>(most_in_flight / with_each, 1, 32);
  while (!generation.waiting.empty() && generation.being_forked < most_at_a_time) {
    const ForkOrder order = std::move(generation.waiting.front());
    generation.waiting.pop_front();
    const auto process = generation.workers.find(order.worker);
    if (process == generation.workers.end()) continue;  // given up meanwhile
    ++generation.being_forked;
    const auto sent = send_order(generation, *process->second.child, order);
    if (sent) continue;
    --generation.being_forked;
    post_(core::WorkerFailed{order.worker, sent.error().text});
    unborn_.push_back(order.worker);
  }
}

os::Result<void> Processes::send_order(Generation& generation, Child& worker,
                                       const ForkOrder& order) {
  // All of it waits in the channel until the worker is born.
  const wire::Start start{
      generation.id,
      order.slot,
      generation.workers.at(order.worker).page,
      static_cast<std::uint32_t>(generation.listeners.size()),
      core::rules::is_adoption_deadly(generation.adoption_deaths),
      static_cast<std::uint64_t>(
          vault_.has_keeper() ? generation.settings->master.orphan_timeout.count() : 0)};
  const auto sent =
      worker.try_send(start, {common_.board.read_only_fd(), common_.board.read_write_fd(),
                              common_.handed_over.get(), common_.to_hand_over.get(), self_.get()});
  if (!sent) return sent;
  if (auto more = send_listeners(worker, generation.listeners); !more) return more;
  if (!generation.zygote) return os::refused("its zygote is gone");
  return generation.zygote->try_send(wire::Fork{order.worker, order.slot},
                                     {order.channel.get(), order.output.get()});
}

void Processes::fork_worker(Generation& generation, core::WorkerId id, std::uint32_t slot) {
  const auto forked = try_fork(generation, id, slot);
  if (forked) return;
  post_(core::WorkerFailed{id, forked.error().text});
  post_(core::WorkerExited{id, {false, forked.error().text}});
}

}  // namespace hupd::master
