#include "master/progress.hpp"

#include <algorithm>
#include <utility>

namespace hupd::master {

namespace {

std::size_t count_ready(const core::Generation& generation) {
  return static_cast<std::size_t>(
      std::count_if(generation.workers.begin(), generation.workers.end(), [](const auto& w) {
        return w.state == core::WorkerState::Standby || w.state == core::WorkerState::Serving;
      }));
}

bool lives(const core::AppState& state, core::WorkerId id) {
  return std::any_of(state.generations.begin(), state.generations.end(), [id](const auto& g) {
    return std::any_of(g.workers.begin(), g.workers.end(), [id](const core::Worker& w) {
      return w.id == id && w.state != core::WorkerState::Stuck;  // nobody waits for that one
    });
  });
}

}  // namespace

void Progress::look(const core::AppState& state, const Processes& processes, const std::string& app,
                    Chronicle& chronicle) {
  if (!state.generations.empty()) {
    const auto& youngest = state.generations.back();
    if (const auto* made = processes.find(youngest.id)) look_at(youngest, *made, app, chronicle);
  }
  for (auto& drain : drains_) {
    const auto ended = std::erase_if(drain.left, [&](auto id) { return !lives(state, id); });
    if (ended == 0) continue;
    chronicle.drained(app, drain.id, drain.all - drain.left.size(), drain.all);
  }
  std::erase_if(drains_, [](const Drain& drain) { return drain.left.empty(); });
}

void Progress::look_at(const core::Generation& generation, const Generation& made,
                       const std::string& app, Chronicle& chronicle) {
  if (generation.id < id_) return;  // all of it was told: its successor has come to nothing
  if (id_ != generation.id) {
    id_ = generation.id;
    copied_ = loaded_ = generation.source != 0;  // since long
    complete_ = false;
    ready_ = 0;
  }
  if (!made.hash.empty() && !std::exchange(copied_, true)) chronicle.copied(made);
  const bool is_loaded = generation.zygote.state == core::ZygoteState::Ready;
  if (is_loaded && !std::exchange(loaded_, true)) chronicle.loaded(made);
  const auto ready = count_ready(generation);
  if (ready > ready_ && !complete_) {
    ready_ = ready;
    chronicle.worker_ready(app, id_, ready, generation.target);
  }
  complete_ = complete_ || generation.state == core::GenerationState::Serving;
}

std::size_t Progress::switched(const core::AppState& state, core::GenerationId id,
                               core::GenerationId former) {
  Drain drain{id, {}, 0};
  for (const auto& generation : state.generations) {
    if (generation.id != former) continue;
    for (const auto& worker : generation.workers) {
      if (worker.serving_since != core::never) drain.left.insert(worker.id);
    }
  }
  const auto all = drain.all = drain.left.size();
  if (all != 0) drains_.push_back(std::move(drain));
  return all;
}

void Progress::rejected(core::GenerationId id) {
  std::erase_if(drains_, [id](const Drain& drain) { return drain.id == id; });
}

image::Progress Progress::image() const {
  image::Progress image{id_, copied_, loaded_, complete_, ready_, {}};
  for (const auto& drain : drains_) image.drains.push_back({drain.id, drain.left, drain.all});
  return image;
}

void Progress::resume(const image::Progress& image) {
  id_ = image.id;
  copied_ = image.copied;
  loaded_ = image.loaded;
  complete_ = image.complete;
  ready_ = image.ready;
  for (const auto& drain : image.drains) drains_.push_back({drain.id, drain.left, drain.all});
}

}  // namespace hupd::master
