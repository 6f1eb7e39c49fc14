#include "master/legacies.hpp"

#include <algorithm>

#include "core/rules.hpp"
#include "log/logger.hpp"
#include "master/processes.hpp"
#include "os/memory.hpp"

namespace hupd::master {

namespace {

constexpr core::Duration out_of_resources{100};

Family::Member member_of(const Generation& generation, const WorkerProcess& process) {
  return {process.id, generation.id, process.child->name().slot, false};
}

void warn(const WorkerProcess& process, const std::string& text) {
  log::write(log::Level::Warning, process.child->name().subject(), text);
}

// An answer may be late, and is told of once.
void unasked(WorkerProcess& process) {
  if (std::exchange(process.leaves_unasked, true)) return;
  warn(process, "left something that nobody had asked it for");
}

}  // namespace

void Legacies::left(const Generation& generation, WorkerProcess& process, wire::Letter& letter) {
  const auto& left = std::get<wire::Left>(letter.message);
  core::GenerationId successors = 0;
  if (left.is_copy) {
    successors = std::exchange(process.copies_for, 0);
    if (successors == 0) return unasked(process);
    if (successors == inquiry_.on_behalf_of) inquiry_.unanswered.erase(process.id);
  } else {
    if (process.legacies_due == 0) return unasked(process);
    // The rest that comes at its end is for one heir: the others serve since long.
    const bool is_rest = --process.legacies_due == 0;
    if (!is_rest && process.successors != generation.id) successors = process.successors;
  }
  if (!left.is_some) return;
  if (letter.fds.size() != 1) {
    return warn(process, "what it left found no room (limits.nofile of the master)");
  }
  // Held for others, it would outlive its maker: no devices, no connections, no gigabytes.
  const auto size = os::size_of_sealed(letter.fds[0].get());
  if (!size) return process.child->object("what it left: " + size.error().text);
  if (*size > generation.app.handover.max_state) {
    return warn(process, "what it left is dropped: " + std::to_string(*size) +
                             " bytes are more than may be (handover.max_state)");
  }
  const auto id = estate_.left(member_of(generation, process), successors, left.is_copy);
  if (!id) return warn(process, "what it left is dropped: too much is left that nobody takes");
  Content content{vault_.new_key(), std::move(letter.fds[0]), left.version, generation.id,
                  process.child->name().slot};
  vault_.keep("legacy", content.key, content.fd.get(), Lasts::Beyond);
  contents_[*id] = std::move(content);
}

void Legacies::ended(const Generation& generation, const WorkerProcess& process, bool of_it) {
  waiting_.erase(process.id);
  if (inquiry_.unanswered.erase(process.id) != 0) warn(process, "leaves nothing: it ended");
  if (!of_it) return;
  const auto id = estate_.died_of_it(member_of(generation, process));
  if (!id) return;
  const auto& content = contents_.at(*id);
  log::write(log::Level::Error, process.child->name().subject(),
             "ended of what worker " + std::to_string(content.slot) + " of generation " +
                 std::to_string(content.generation) + " had left: nobody else gets that");
}

void Legacies::settle(Processes& processes, const core::AppState& state, core::GenerationId taking,
                      core::Time now) {
  if (waiting_.empty() && contents_.empty() && inquiry_.unanswered.empty()) return;
  try_again_ = core::never;
  inquire(processes, state, taking, now);
  end_inquiry_in_time(processes, now);
  for (const auto& gift : estate_.share_out(family(state, taking))) hand_on(processes, gift, now);
  let_go_on(processes, taking);
  forget_dropped();
}

void Legacies::forget_dropped() {
  for (const auto id : estate_.take_dropped()) {
    const auto content = contents_.find(id);
    if (content == contents_.end()) continue;
    vault_.drop("legacy", content->second.key);
    contents_.erase(content);
  }
}

// At the first of a generation's workers that waits. Half of the time that is left to it is for the
// others' answers, half for taking them.
void Legacies::inquire(Processes& processes, const core::AppState& state, core::GenerationId taking,
                       core::Time now) {
  for (const auto& generation : state.generations) {
    if (!core::rules::in_flight(generation.state) || generation.id == taking) continue;
    if (generation.id == inquiry_.on_behalf_of) continue;
    const auto first =
        std::find_if(generation.workers.begin(), generation.workers.end(),
                     [this](const auto& worker) { return waiting_.contains(worker.id); });
    if (first == generation.workers.end()) continue;
    inquiry_ = {generation.id, {}, now + (first->deadline - now) / 2};
    for (const auto& old : state.generations) {
      for (const auto& worker : old.workers) {
        auto* process = processes.worker(worker.id);
        if (old.id != taking || worker.state != core::WorkerState::Serving) continue;
        if (process == nullptr) continue;
        process->copies_for = generation.id;
        process->child->send(wire::Bequeath{generation.id});
        inquiry_.unanswered.insert(worker.id);
      }
    }
  }
}

void Legacies::end_inquiry_in_time(Processes& processes, core::Time now) {
  if (inquiry_.until > now) return;
  for (const auto id : std::exchange(inquiry_.unanswered, {})) {
    if (const auto* process = processes.worker(id)) {
      warn(*process, "leaves nothing in time for the new generation: it does not answer");
    }
  }
}

void Legacies::hand_on(Processes& processes, const Gift& gift, core::Time now) {
  auto* process = processes.worker(gift.to);
  if (process == nullptr) return estate_.returned(gift.to);
  const auto& content = contents_.at(gift.legacy);
  const auto sent = process->child->try_send(
      wire::Inherit{content.generation, content.slot, content.version, gift.heir},
      {content.fd.get()});
  if (sent) return;
  estate_.returned(gift.to);
  try_again_ = now + out_of_resources;
}

void Legacies::let_go_on(Processes& processes, core::GenerationId taking) {
  std::erase_if(waiting_, [&](core::WorkerId id) {
    auto* process = processes.worker(id);
    if (process == nullptr) return true;
    const auto generation = processes.generation_of(id)->id;
    const bool all_answered = inquiry_.on_behalf_of == generation && inquiry_.unanswered.empty();
    if (generation != taking && !all_answered) return false;
    if (!estate_.has_all(id) || try_again_ != core::never) return false;
    process->child->send(wire::InheritEnd{});
    return true;
  });
}

std::optional<core::Time> Legacies::next_deadline() const {
  const auto answers = inquiry_.unanswered.empty() ? core::never : inquiry_.until;
  const auto next = std::min(answers, try_again_);
  return next == core::never ? std::nullopt : std::optional(next);
}

void Legacies::clear() {
  estate_.clear();
  forget_dropped();
  waiting_.clear();
  inquiry_.unanswered.clear();
  try_again_ = core::never;
}

}  // namespace hupd::master
