// What a zygote says of the workers that it was asked for: a claim, as all that children say.
#include "master/processes.hpp"
#include "os/kinship.hpp"

namespace hupd::master {

void Processes::order_answered(Generation& generation) {
  if (generation.being_forked > 0) --generation.being_forked;
  send_orders(generation);
}

// Of one that it was asked for, or was: its time may be up.
void Processes::fork_failed(Generation& generation, const wire::ForkFailed& failed) {
  const auto found = generation.workers.find(failed.worker);
  if (found == generation.workers.end()) return;
  if (found->second.child->is_born()) {
    return generation.zygote->object("no worker where there is one");
  }
  post_(core::WorkerFailed{failed.worker, failed.reason});
  unborn_.push_back(failed.worker);
}

bool Processes::is_known(os::Pid pid) const {
  for (const auto& [id, generation] : generations_) {
    if (generation.zygote && generation.zygote->pid() == pid) return true;
    for (const auto& [worker, process] : generation.workers) {
      if (process.child->pid() == pid) return true;
    }
  }
  return false;
}

// The pidfd is what signals go to: root would kill whomever a zygote names.
void Processes::announced(Generation& generation, const wire::Forked& forked,
                          wire::Letter& letter) {
  const auto object = [&](const std::string& what) {
    generation.zygote->object("the birth of worker " + std::to_string(forked.worker) + ": " + what);
  };
  if (letter.fds.size() != 1) return object("without a pidfd");
  const int pidfd = letter.fds[0].get();
  if (auto ours = os::is_of_own_descendant(pidfd, forked.pid); !ours) {
    return object(ours.error().text);
  }
  if (is_known(forked.pid)) return object("its process is another one");
  const auto found = generation.workers.find(forked.worker);
  if (found == generation.workers.end()) {  // given up meanwhile: its zygote was slow
    static_cast<void>(os::send_signal(pidfd, os::Signal::Kill));
    return;
  }
  auto& process = found->second;
  if (process.child->is_born()) return object("it is born already");
  const auto& app = generation.app;
  process.child->born(forked.pid, std::move(letter.fds[0]), app.drain_timeout + app.kill_timeout);
  post_(core::WorkerForked{forked.worker});
  if (process.ready_unborn) worker_ready(process);
}

// The intermediate process announces before it lets go of the channel: when the zygote's channel
// has no announcement either, there never was a worker.
void Processes::channel_ended(Generation& generation, core::WorkerId id) {
  if (generation.zygote) generation.zygote->catch_up();
  if (!generation.workers.at(id).child->is_born()) unborn_.push_back(id);
}

}  // namespace hupd::master
