// What the processes of an app say.
#include <utility>

#include "log/logger.hpp"
#include "master/processes.hpp"

namespace hupd::master {

namespace {

bool is_what_serves(const Generation& generation) {
  return generation.source == 0 && generation.hash == generation.expected.serving;
}

}  // namespace

void Processes::zygote_says(Generation& generation, wire::Letter& letter) {
  if (auto* copied = std::get_if<wire::Copied>(&letter.message)) {
    if (!generation.may_be_copied_to(copied->path)) {
      return generation.zygote->object("a copy of its library in the wrong place");
    }
    generation.copy = copied->path;
    generation.hash = copied->hash;
    if (!is_as_expected(generation)) generation.zygote->signal(os::Signal::Kill);
  } else if (auto* loaded = std::get_if<wire::Loaded>(&letter.message)) {
    generation.version = loaded->version;
    post_(core::ZygoteReady{generation.id, is_what_serves(generation)});
  } else if (auto* forked = std::get_if<wire::Forked>(&letter.message)) {
    announced(generation, *forked, letter);
    order_answered(generation);
  } else if (auto* failed = std::get_if<wire::ForkFailed>(&letter.message)) {
    fork_failed(generation, *failed);
    order_answered(generation);
  } else if (auto* last = std::get_if<wire::Failed>(&letter.message)) {
    generation.remember_words_of(*generation.zygote);
    generation.unfit |= last->unfit;
    post_(core::ZygoteFailed{generation.id, generation.in_terms_of_deployed(last->reason)});
  }
}

bool Processes::is_as_expected(Generation& generation) {
  const auto failed = generation.expected.failed.find(generation.hash);
  if (failed != generation.expected.failed.end()) {
    post_(core::ZygoteFailed{generation.id,
                             "this library has failed its probation before: " + failed->second +
                                 "; deploy another one, or insist: hupd reload --force"});
    return false;
  }
  if (!generation.expected.is_done_then || !is_what_serves(generation)) return true;
  generation.unchanged = true;
  post_(core::ZygoteFailed{generation.id, "nothing has changed"});
  return false;
}

void Processes::worker_ready(const WorkerProcess& process) {
  log::write(log::Level::Info, process.child->name().subject(), "ready");
  post_(core::WorkerReady{process.id});
}

// Said when it changes: a worker that says it all the time is heard once.
void Processes::worker_unwell(Generation& generation, WorkerProcess& process,
                              const std::string& reason) {
  if (process.unwell) return;
  const auto& why = process.unwell.emplace(generation.in_terms_of_deployed(reason));
  log::write(log::Level::Warning, process.child->name().subject(), "unwell: " + why);
  post_(core::WorkerUnwell{process.id, why});
}

void Processes::worker_well(WorkerProcess& process) {
  if (!std::exchange(process.unwell, std::nullopt)) return;
  log::write(log::Level::Info, process.child->name().subject(), "well again");
}

void Processes::worker_says(Generation& generation, core::WorkerId id, wire::Letter& letter) {
  auto& process = generation.workers.at(id);
  const auto subject = process.child->name().subject();
  if (std::holds_alternative<wire::Ready>(letter.message)) {
    if (std::exchange(process.was_ready, true)) return;
    // It may be quicker than the process that announces it.
    process.ready_unborn = !process.child->is_born();
    if (!process.ready_unborn) worker_ready(process);
  } else if (std::holds_alternative<wire::Awaits>(letter.message)) {
    legacies_.awaits(id);
  } else if (std::holds_alternative<wire::Took>(letter.message)) {
    legacies_.took(id);
  } else if (std::holds_alternative<wire::Left>(letter.message)) {
    legacies_.left(generation, process, letter);
  } else if (std::holds_alternative<wire::AsksToGo>(letter.message)) {
    if (!std::exchange(process.asks_to_go, true)) {
      log::write(log::Level::Info, subject, "somebody sent it a signal to go");
    }
    post_(core::WorkerAsksToGo{id});
  } else if (const auto* worn = std::get_if<wire::Worn>(&letter.message)) {
    if (std::exchange(process.is_worn, true)) return;
    log::write(log::Level::Info, subject,
               "worn: " + worn->limit + "; it serves on until its relief is ready");
    post_(core::WorkerWorn{id});
  } else if (const auto* unwell = std::get_if<wire::Unwell>(&letter.message)) {
    worker_unwell(generation, process, unwell->reason);
  } else if (std::holds_alternative<wire::Well>(letter.message)) {
    worker_well(process);
  } else if (std::holds_alternative<wire::HandoverEnded>(letter.message)) {
    process.hands_over = false;
  } else if (std::holds_alternative<wire::Released>(letter.message)) {
    process.released = true;
  } else if (const auto* leaving = std::get_if<wire::Leaving>(&letter.message)) {
    process.cut = leaving->cut;
    process.has_left = true;
  } else if (const auto* failed = std::get_if<wire::Failed>(&letter.message)) {
    generation.remember_words_of(*process.child);
    generation.unfit |= failed->unfit;
    post_(core::WorkerFailed{id, generation.in_terms_of_deployed(failed->reason)});
  }
}

}  // namespace hupd::master
