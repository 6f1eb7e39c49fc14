#include "master/chronicle.hpp"

#include <algorithm>

#include "log/line.hpp"

namespace hupd::master {

namespace {

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

control::Event event_of(control::Step step, const Generation& generation) {
  return {.step = step,
          .app = generation.app.name,
          .generation = generation.id,
          .version = unless_empty(generation.version),
          .hash = unless_empty(generation.hash),
          .library = generation.app.library};
}

control::Event counted(control::Step step, const std::string& app, core::GenerationId id,
                       std::size_t count, std::size_t of) {
  control::Event event{.step = step, .app = app, .generation = id};
  event.count = static_cast<std::uint32_t>(count);
  event.of = static_cast<std::uint32_t>(of);
  return event;
}

}  // namespace

void Chronicle::tell(control::Event event) const {
  if (!reader_) return;
  event.time = log::timestamp(std::chrono::system_clock::now());
  reader_(event);
}

void Chronicle::requested(const std::vector<std::string>& apps) {
  for (const auto& app : apps) tell({.step = control::Step::Requested, .app = app});
}

void Chronicle::refused(const std::vector<std::string>& apps, const std::string& reason) {
  ++refused_;
  for (const auto& app : apps.empty() ? std::vector<std::string>{""} : apps) {
    auto& reload = add(app, 0);
    reload.outcome = control::Outcome::Refused;
    reload.reason = reason;
    reload.ended_ms = 0;
    tell({.step = control::Step::Refused, .app = app, .reason = reason});
  }
}

void Chronicle::held_back(const std::string& app, const std::string& why) {
  tell({.step = control::Step::HeldBack, .app = app, .reason = why});
}

void Chronicle::started(const std::string& app, core::GenerationId id, bool is_start,
                        core::GenerationId source, bool by_itself) {
  auto& reload = add(app, id);
  reload.is_start = is_start;
  reload.by_itself = by_itself;
  control::Event event{.step = control::Step::Started, .app = app, .generation = id};
  if (source != 0) {
    reload.source = source;
    event.reason = "back to the version of generation " + std::to_string(source);
  }
  tell(std::move(event));
}

void Chronicle::know(const Generation& generation) {
  auto* reload = known(generation.app.name, generation.id);
  if (reload == nullptr) return;
  reload->library = generation.app.library;
  reload->workers = generation.app.workers;
  reload->hash = unless_empty(generation.hash);
  reload->version = unless_empty(generation.version);
}

void Chronicle::copied(const Generation& generation) {
  know(generation);
  auto* reload = known(generation.app.name, generation.id);
  if (reload != nullptr) reload->copied_ms = age(*reload);
  tell(event_of(control::Step::Copied, generation));
}

void Chronicle::loaded(const Generation& generation) {
  know(generation);
  auto* reload = known(generation.app.name, generation.id);
  if (reload != nullptr) reload->loaded_ms = age(*reload);
  tell(event_of(control::Step::Loaded, generation));
}

void Chronicle::worker_ready(const std::string& app, core::GenerationId id, std::size_t count,
                             std::size_t of) {
  tell(counted(control::Step::WorkerReady, app, id, count, of));
}

void Chronicle::canary_serves(const std::string& app, const core::CanaryServes& canary,
                              const std::string& text) {
  if (auto* reload = known(app, canary.generation)) reload->canary_ms = age(*reload);
  control::Event event{.step = control::Step::Canary, .app = app, .generation = canary.generation};
  event.count = canary.workers;
  event.reason = text;
  tell(std::move(event));
}

void Chronicle::switched(const std::string& app, core::GenerationId id) {
  if (auto* reload = known(app, id)) reload->switched_ms = age(*reload);
  tell({.step = control::Step::Switched, .app = app, .generation = id});
}

void Chronicle::drained(const std::string& app, core::GenerationId id, std::size_t count,
                        std::size_t of) {
  auto* reload = known(app, id);
  if (reload != nullptr && count == of) reload->drained_ms = age(*reload);
  if (of == 0) return;  // there was nobody before
  tell(counted(control::Step::Drained, app, id, count, of));
}

void Chronicle::done(const Generation& generation) {
  know(generation);
  if (auto* reload = known(generation.app.name, generation.id)) {
    reload->outcome = control::Outcome::Done;
    reload->ended_ms = age(*reload);
  }
  tell(event_of(control::Step::Done, generation));
  settle_probation(generation.app.name, generation.id,
                   generation.source != 0 ? Way::Back : Way::Forward);
}

void Chronicle::rejected(const std::string& app, core::GenerationId id, const std::string& reason,
                         const std::vector<std::string>& output) {
  auto* found = id == 0 ? nullptr : known(app, id);
  auto& reload = found != nullptr ? *found : add(app, id);
  reload.outcome = control::Outcome::Rejected;
  reload.reason = reason;
  reload.output = output;
  reload.ended_ms = age(reload);
  tell({.step = control::Step::Rejected,
        .app = app,
        .generation = id,
        .reason = reason,
        .output = output});
}

void Chronicle::gone(const std::string& app) {
  const auto last = std::find_if(reloads_.rbegin(), reloads_.rend(), [&app](const auto& reload) {
    return reload.app == app &&
           (reload.outcome == control::Outcome::Done || reload.outcome == control::Outcome::Failed);
  });
  if (last != reloads_.rend() && !last->gone_ms) last->gone_ms = age(*last);
  tell({.step = control::Step::Gone, .app = app});
}

}  // namespace hupd::master
