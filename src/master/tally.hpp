// What workers count on their scoreboard pages, summed so that no sum ever goes back.
#pragma once

#include "control/status.hpp"
#include "wire/scoreboard.hpp"

namespace hupd::master {

control::Counts counts_of(const wire::Page& page);

// What has been added to sums for one worker.
class Tally {
 public:
  Tally() = default;
  explicit Tally(const control::Counts& taken) : taken_(taken) {}
  const control::Counts& taken() const { return taken_; }
  // What the page says beyond what was taken before. A page is a claim: one that goes back adds
  // nothing until it is where it was.
  control::Counts take(const wire::Page& page);

 private:
  control::Counts taken_;
};

void add_to(control::Counts& sum, const control::Counts& more);

}  // namespace hupd::master
