// How far the reloads of one app have come: what has changed since it was last looked at, told to
// the chronicle. The state has all of it, so that no place that changes it has to tell.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "core/state.hpp"
#include "master/chronicle.hpp"
#include "master/processes.hpp"

namespace hupd::master {

class Progress {
 public:
  // After each step of the core, before its actions are carried out, so that what led to a switch
  // is told before the switch.
  void look(const core::AppState& state, const Processes& processes, const std::string& app,
            Chronicle& chronicle);

  // `id` accepts now: from here on the workers of `former` are expected to leave. How many.
  std::size_t switched(const core::AppState& state, core::GenerationId id,
                       core::GenerationId former);
  void rejected(core::GenerationId id);

  image::Progress image() const;
  void resume(const image::Progress& image);

 private:
  struct Drain {
    core::GenerationId id;  // that took over
    std::set<core::WorkerId> left;
    std::size_t all;
  };
  void look_at(const core::Generation& generation, const Generation& made, const std::string& app,
               Chronicle& chronicle);

  core::GenerationId id_ = 0;  // the youngest, and what was told of it
  bool copied_ = false;
  bool loaded_ = false;
  bool complete_ = false;
  std::size_t ready_ = 0;
  std::vector<Drain> drains_;
};

}  // namespace hupd::master
