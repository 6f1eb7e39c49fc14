// The supervisor's processes: how they are started, what they say, and how they are given up.
#include "log/logger.hpp"
#include "master/supervisor.hpp"
#include "os/files.hpp"
#include "os/memory.hpp"
#include "os/pipe.hpp"
#include "zygote/zygote.hpp"

namespace hupd::master {

namespace {

// The private copy is named in no message to people: they know the file that they deployed.
std::string in_terms_of_deployed(const Generation& generation, std::string text) {
  if (generation.copy.empty()) return text;
  const auto& from = generation.copy;
  const auto& to = generation.app.library;
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

}  // namespace

os::Result<Generation> Supervisor::prepare(Gen id) {
  auto app = shared_.configuration(name_);
  if (!app) return os::refused(app.error());
  auto listeners = shared_.listeners.obtain(*app);
  if (!listeners) return tl::unexpected(listeners.error());
  Generation made;
  made.id = id;
  made.app = std::move(*app);
  made.listeners = std::move(*listeners);
  made.directory = shared_.runtime_dir + "/" + name_ + "-" + std::to_string(id);
  if (auto directory = os::make_private_directory(made.directory); !directory) {
    return tl::unexpected(directory.error());
  }
  return made;
}

os::Result<void> Supervisor::start_zygote(Generation& generation) {
  auto channel = os::channel_pair();
  if (!channel) return tl::unexpected(channel.error());
  auto output = os::output_pipe();
  if (!output) return tl::unexpected(output.error());
  auto plan = os::memory_file_with("hupd-plan", generation.app.plan);
  if (!plan) return tl::unexpected(plan.error());
  auto spawned = os::spawn_self(zygote::arguments(name_, generation.id),
                                os::child_environment(generation.app.environment),
                                channel->second.get(), output->writer.get());
  if (!spawned) return tl::unexpected(spawned.error());
  generation.zygote = std::make_unique<Child>(
      shared_.loop, ChildName{name_, generation.id, 0, 0}, wire::Link(std::move(channel->first)),
      std::move(output->reader),
      [this, &generation](wire::Letter& letter) { zygote_says(generation, letter); }, [] {});
  generation.zygote->born(spawned->pid, std::move(spawned->pidfd));
  generation.zygote->send(wire::Boot{generation.id, generation.directory, generation.copy},
                          {plan->get()});
  return {};
}

os::Result<void> Supervisor::fork_worker(Generation& generation, const core::ForkWorker& order) {
  if (!generation.zygote) return os::refused("its zygote is gone");
  auto channel = os::channel_pair();
  if (!channel) return tl::unexpected(channel.error());
  auto output = os::output_pipe();
  if (!output) return tl::unexpected(output.error());
  const auto page = board_.take_page();
  if (!page) return os::refused("the scoreboard is full");

  WorkerProcess& process = generation.workers[order.worker];
  process.id = order.worker;
  process.page = *page;
  process.child = std::make_unique<Child>(
      shared_.loop, ChildName{name_, generation.id, order.slot, 0},
      wire::Link(std::move(channel->first)), std::move(output->reader),
      [this, &generation, id = order.worker](wire::Letter& letter) {
        worker_says(generation, id, letter);
      },
      [this, &generation, id = order.worker] { channel_ended(generation, id); });

  wire::Start start{generation.id, order.slot, *page, {}};
  std::vector<int> fds = {board_.read_only_fd(), board_.read_write_fd()};
  for (const auto& listener : generation.listeners) {
    start.listeners.push_back(listener->address());
    fds.push_back(listener->fd());
  }
  process.child->send(start, fds);  // waits in the channel until the worker is born
  generation.zygote->send(wire::Fork{order.worker, order.slot},
                          {channel->second.get(), output->writer.get()});
  return {};
}

void Supervisor::zygote_says(Generation& generation, wire::Letter& letter) {
  if (auto* copied = std::get_if<wire::Copied>(&letter.message)) {
    generation.copy = copied->path;
    generation.hash = copied->hash;
  } else if (auto* loaded = std::get_if<wire::Loaded>(&letter.message)) {
    generation.version = loaded->version;
    post(core::ZygoteReady{generation.id});
  } else if (auto* forked = std::get_if<wire::Forked>(&letter.message)) {
    announced(generation, *forked, letter);
  } else if (auto* failed = std::get_if<wire::ForkFailed>(&letter.message)) {
    post(core::WorkerFailed{failed->worker, failed->reason});
    unborn_.push_back(failed->worker);
  } else if (auto* last = std::get_if<wire::Failed>(&letter.message)) {
    note_failure(generation, *generation.zygote);
    post(core::ZygoteFailed{generation.id, in_terms_of_deployed(generation, last->reason)});
  }
}

void Supervisor::announced(Generation& generation, const wire::Forked& forked,
                           wire::Letter& letter) {
  if (letter.fds.size() != 1) return;
  const auto found = generation.workers.find(forked.worker);
  if (found == generation.workers.end()) {  // given up meanwhile: its zygote was slow
    static_cast<void>(os::send_signal(letter.fds[0].get(), os::Signal::Kill));
    return;
  }
  auto& process = found->second;
  process.child->born(forked.pid, std::move(letter.fds[0]));
  post(core::WorkerForked{forked.worker});
  if (process.ready_unborn) worker_ready(process);
}

void Supervisor::worker_ready(const WorkerProcess& process) {
  log::write(log::Level::Info, process.child->name().subject(), "ready");
  post(core::WorkerReady{process.id});
}

void Supervisor::worker_says(Generation& generation, Id id, wire::Letter& letter) {
  auto& process = generation.workers.at(id);
  const auto subject = process.child->name().subject();
  if (std::holds_alternative<wire::Ready>(letter.message)) {
    // It may be quicker than the process that announces it.
    process.ready_unborn = !process.child->is_born();
    if (!process.ready_unborn) worker_ready(process);
  } else if (std::holds_alternative<wire::Draining>(letter.message)) {
    log::write(log::Level::Info, subject, "draining: somebody sent it a signal");
    post(core::WorkerDraining{id});
  } else if (const auto* leaving = std::get_if<wire::Leaving>(&letter.message)) {
    process.cut = leaving->cut;
  } else if (const auto* failed = std::get_if<wire::Failed>(&letter.message)) {
    note_failure(generation, *process.child);
    post(core::WorkerFailed{id, in_terms_of_deployed(generation, failed->reason)});
  }
}

// The intermediate process announces before it lets go of the channel: when the zygote's channel
// has no announcement either, there never was a worker.
void Supervisor::channel_ended(Generation& generation, Id id) {
  if (generation.zygote) generation.zygote->catch_up();
  if (!generation.workers.at(id).child->is_born()) unborn_.push_back(id);
}

void Supervisor::give_up_unborn() {
  for (const auto id : std::exchange(unborn_, {})) {
    auto* process = worker(id);
    if (process == nullptr || process->child->is_born()) continue;
    ended(*generation_of(id), *process, std::nullopt);
    post(core::WorkerExited{id, {false, "it was never forked: its zygote is gone or stuck"}});
  }
}

// Keeps the first thing that went wrong: what follows is mostly its consequence.
void Supervisor::note_failure(Generation& generation, Child& child) {
  child.output().catch_up();
  if (generation.last_words.empty()) generation.last_words = child.output().last_words();
}

void Supervisor::ended(Generation& generation, WorkerProcess& process,
                       const std::optional<os::Reaped>& reaped) {
  const auto subject = process.child->name().subject();
  if (reaped) log::write(log::Level::Info, subject, "ended: " + reaped->described);
  if (process.cut > 0) {
    log::write(log::Level::Warning, subject,
               "cut " + std::to_string(process.cut) + " connections that were not done");
  }
  names_of_ended_[process.id] = process.child->name();
  board_.give_back(process.page);
  generation.workers.erase(process.id);
}

}  // namespace hupd::master
