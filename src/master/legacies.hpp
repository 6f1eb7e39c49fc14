// Carries out what workers leave to others: holds the descriptors, asks, and hands on. It never
// reads what is in them. Who gets which is decided by `Estate`.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "core/state.hpp"
#include "master/estate.hpp"
#include "master/generation.hpp"

namespace hupd::master {

class Processes;

class Legacies {
 public:
  explicit Legacies(Vault& vault) : vault_(vault) {}  // which outlives it
  ~Legacies() { clear(); }

  image::Legacies image() const;
  void resume(const image::Legacies& image, Descriptors& from);

  // What workers say. From within a child's callbacks: it is only taken down.
  void awaits(core::WorkerId id) { waiting_.insert(id); }
  void took(core::WorkerId id) { estate_.took(id); }
  void left(const Generation& generation, WorkerProcess& process, wire::Letter& letter);
  // It has ended; `of_it`: while it took what was left to it.
  void ended(const Generation& generation, const WorkerProcess& process, bool of_it);

  // Acts on what is so by now. `taking`: the generation that serves, or is about to.
  void settle(Processes& processes, const core::AppState& state, core::GenerationId taking,
              core::Time now);
  // When settle() is due without anything else happening.
  std::optional<core::Time> next_deadline() const;
  // The app ends: nobody follows.
  void clear();

  std::size_t held() const { return contents_.size(); }

 private:
  struct Content {
    image::Key key = 0;
    os::Fd fd;
    std::uint32_t version = 0;
    core::GenerationId generation = 0;
    std::uint32_t slot = 0;
  };
  // The workers that serve were asked what a generation that boots is to know.
  struct Inquiry {
    core::GenerationId on_behalf_of = 0;
    std::set<core::WorkerId> unanswered;
    core::Time until = core::never;  // those who have not answered leave nothing
  };

  void inquire(Processes& processes, const core::AppState& state, core::GenerationId taking,
               core::Time now);
  void end_inquiry_in_time(Processes& processes, core::Time now);
  void hand_on(Processes& processes, const Gift& gift, core::Time now);
  void let_go_on(Processes& processes, core::GenerationId taking);
  Family family(const core::AppState& state, core::GenerationId taking) const;
  void forget_dropped();

  Vault& vault_;
  Estate estate_;
  std::map<LegacyId, Content> contents_;
  std::set<core::WorkerId> waiting_;  // are not ready before they have what was left
  Inquiry inquiry_;
  core::Time try_again_ = core::never;
};

}  // namespace hupd::master
