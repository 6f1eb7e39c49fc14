// Who gets what workers leave behind. Pure: it knows neither descriptors nor channels.
//
// A legacy is left to a generation that follows: to each of its workers, now or later, and to one
// of them as the heir; or to one worker alone, its heir, of whichever generation serves by then.
// The heir is the worker in the slot of the same number, else in the one that modulo gives. It
// counts as settled when the heir has taken it: one that ends before that is followed by another.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/types.hpp"
#include "image/app_image.hpp"

namespace hupd::master {

using LegacyId = std::uint64_t;  // from 1, in the order they were left

// What of the app the decisions depend on.
struct Family {
  struct Member {
    core::WorkerId id = 0;
    core::GenerationId generation = 0;
    std::uint32_t slot = 0;
    bool takes = false;  // something may be given to it: it serves, or waits for that
  };
  core::GenerationId taking = 0;  // the generation that serves, or is about to
  // The slots of each generation that serves or is to, by number.
  std::map<core::GenerationId, std::vector<std::uint32_t>> slots;
  std::vector<Member> members;  // every worker that is not gone
};

struct Gift {
  LegacyId legacy = 0;
  core::WorkerId to = 0;
  bool heir = false;
};

class Estate {
 public:
  // A worker may leave so much that nobody takes; what is beyond that is refused.
  static constexpr std::size_t most_held = 2048;

  // `successors`: the generation whose workers all may have it; 0: for one worker. `is_copy`: who
  // left it goes on with it, so that it is worth nothing when that generation comes to nothing.
  // Nothing: too much is held already.
  std::optional<LegacyId> left(const Family::Member& by, core::GenerationId successors,
                               bool is_copy);
  // What is to be given now, one at a time to each; each is answered by `took`, or by an end.
  std::vector<Gift> share_out(const Family& family);
  void took(core::WorkerId worker);
  // It could not be sent: as if it had not been given.
  void returned(core::WorkerId worker);
  // The worker ended of what it was given: nobody else gets that. After the second one, nobody of
  // its generation gets anything. The legacy; nothing: it was given none that is still held.
  std::optional<LegacyId> died_of_it(const Family::Member& worker);

  // After share_out(): it has been given all there is for it.
  bool has_all(core::WorkerId worker) const { return !is_busy(worker); }
  // What is held of nothing any more, since the last call.
  std::vector<LegacyId> take_dropped();
  bool is_empty() const { return legacies_.empty(); }

  // All of it but what belongs to its contents (key, version), and back.
  image::Legacies image() const;
  void resume(const image::Legacies& image);
  void clear();

 private:
  struct Legacy {
    core::WorkerId by = 0;
    std::uint32_t slot = 0;
    core::GenerationId successors = 0;
    bool is_copy = false;
    core::WorkerId heir = 0;  // 0: none yet
    bool is_settled = false;
  };
  struct Progress {        // of a worker
    LegacyId given = 0;    // of those left to all, everything up to this one
    LegacyId in_hand = 0;  // given and not answered; 0: none
  };

  void forget_ended(const Family& family);
  void review(const Family& family);
  std::optional<Gift> next_for(const Family& family, const Family::Member& member);
  bool is_for_heir(const Family& family, const Family::Member& member, LegacyId id) const;
  bool is_busy(core::WorkerId worker) const;
  void lose_heir(LegacyId id, core::WorkerId heir);
  void drop(LegacyId id);

  LegacyId last_ = 0;
  std::map<LegacyId, Legacy> legacies_;
  std::set<LegacyId> heirless_;
  std::map<core::WorkerId, Progress> progress_;
  std::map<core::GenerationId, std::uint32_t> deaths_;
  std::vector<LegacyId> dropped_;
};

}  // namespace hupd::master
