// The processes of one app, by generation: started and forked, listened to, missed when they end.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/events.hpp"
#include "core/stall.hpp"
#include "master/common.hpp"
#include "master/generation.hpp"
#include "master/legacies.hpp"
#include "os/reap.hpp"

namespace hupd::master {

// Turns what its processes say and how they end into events for the core. It decides nothing, but
// that a copy is not to be loaded whose end is known already (`is_as_expected`).
class Processes {
 public:
  using Post = std::function<void(core::Event)>;

  // `post` must not act on the event at once: it is called from within a child's callbacks.
  Processes(uv_loop_t* loop, Vault& vault, std::string app, Common common, Post post);

  // Its part of an image, and going on with that of another master.
  void put_into(image::App& image) const;
  os::Result<void> resume(const image::App& image, const ListenersByKey& listeners,
                          const std::shared_ptr<const config::Settings>& settings,
                          Descriptors& from);

  const Common& common() const { return common_; }

  // After another master's death, with what it had: the workers that live are this one's from now
  // on.
  void adopt();
  // Then: what is not there of what the core knows, and how the others are found.
  void tell_lost(const core::AppState& state);

  Generation& add(Generation generation);
  void forget(core::GenerationId id);
  std::map<core::GenerationId, Generation>& generations() { return generations_; }
  const wire::Page& page_of(const WorkerProcess& worker) const {
    return common_.board.page(worker.page);
  }
  Generation* find(core::GenerationId id);  // null: forgotten, or never prepared
  const Generation* find(core::GenerationId id) const;
  Generation* generation_of(core::WorkerId id);
  WorkerProcess* worker(core::WorkerId id);  // null: it has ended

  os::Result<void> start_zygote(Generation& generation);
  // The zygote of `source`, which has forked all that it was asked for.
  void take_up_zygote(Generation& generation, Generation& source);
  // An error, too, is followed by WorkerExited.
  void fork_worker(Generation& generation, core::WorkerId id, std::uint32_t slot);
  // SIGKILL; one that was never born is given up.
  void kill(WorkerProcess& worker);

  // Reads every channel. Before reaping: what a process said, and that it was born, is known before
  // its end.
  void catch_up();
  // True when it was a process of this app.
  bool exited(const os::Reaped& reaped);
  // Tells of the workers that will never be born, and of those that ended and are not reaped, as
  // they are not this process's children. Not from within a child's callbacks.
  void tell_ended();

  // The generation that takes living connections from now on.
  void set_taking(core::GenerationId id) { common_.board.set_taking(id); }
  // The app ends; to be called until it has. Whoever hands over is told to stop that; once all
  // have, everybody is told that nothing more comes.
  void end_handover();

  // What its workers leave to those that follow.
  Legacies& legacies() { return legacies_; }

  // Of all workers that accept, from the scoreboard.
  std::vector<core::Heartbeat> heartbeats() const;

  // Those that hand over, and for want of room in the queue have not had all of their time for it.
  std::vector<core::WorkerId> without_room() const;

  // Sums up what is on the pages of those that live; what the others had at their end is in it. It
  // never goes back.
  void count();
  const control::Counts& counts() const { return counts_; }  // of all; Generation has its own

  // Names of workers that have ended since the last call, and how.
  struct Ended {
    ChildName name;
    std::string how;
    bool well = false;              // exit code 0
    std::uint32_t connections = 0;  // that it had, by its own word, when it did not end well
    std::string with() const;       // ", with 3 connections", or nothing
  };
  std::map<core::WorkerId, Ended> take_ended() { return std::exchange(ended_, {}); }

 private:
  Child::OnLetter hears_zygote(Generation& generation);
  Child::OnLetter hears_worker(Generation& generation, core::WorkerId id);
  Child::OnEnd hears_end_of_worker(Generation& generation, core::WorkerId id);
  os::Result<void> try_fork(Generation& generation, core::WorkerId id, std::uint32_t slot);
  void send_orders(Generation& generation);
  os::Result<void> send_order(Generation& generation, Child& worker, const ForkOrder& order);
  void order_answered(Generation& generation);
  // False: there is no use in loading it, and it was told to go.
  bool is_as_expected(Generation& generation);
  void zygote_says(Generation& generation, wire::Letter& letter);
  void worker_says(Generation& generation, core::WorkerId id, wire::Letter& letter);
  void announced(Generation& generation, const wire::Forked& forked, wire::Letter& letter);
  void fork_failed(Generation& generation, const wire::ForkFailed& failed);
  bool is_known(os::Pid pid) const;  // a living child's, of this app
  void worker_ready(const WorkerProcess& process);
  void worker_unwell(Generation& generation, WorkerProcess& process, const std::string& reason);
  void worker_well(WorkerProcess& process);
  void channel_ended(Generation& generation, core::WorkerId id);
  void count(Generation& generation, WorkerProcess& process);
  loop::Callback hears_exit_of_adopted(core::WorkerId id);
  void tell_found(core::WorkerId id);
  void forget_unknown(const core::AppState& state);
  void end_adopted();
  void end_unseen(WorkerProcess& process);
  void give_up_unborn();
  void remove(Generation& generation, WorkerProcess& process, const std::string& how, bool well);

  uv_loop_t* loop_;
  Vault& vault_;
  os::Fd self_;  // pidfd of this master
  std::string app_;
  Common common_;
  Post post_;
  Legacies legacies_;
  std::map<core::GenerationId, Generation> generations_;
  control::Counts counts_;
  bool told_end_handover_ = false;
  bool told_queue_ends_ = false;
  std::vector<core::WorkerId> unborn_;  // channels that ended before an announcement
  std::vector<core::WorkerId> adopted_ended_;
  std::map<core::WorkerId, Ended> ended_;
};

}  // namespace hupd::master
