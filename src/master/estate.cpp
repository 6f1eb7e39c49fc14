#include "master/estate.hpp"

#include <algorithm>
#include <utility>

namespace hupd::master {

namespace {

// So many may end of their inheritance; after that it is the generation that cannot take it.
constexpr std::uint32_t deaths_at_most = 2;

bool is_here(const Family& family, core::WorkerId id) {
  return std::any_of(family.members.begin(), family.members.end(),
                     [id](const auto& member) { return member.id == id; });
}

// 0: that generation has no place for anybody.
std::uint32_t slot_of_heir(const Family& family, core::GenerationId generation,
                           std::uint32_t slot) {
  const auto found = family.slots.find(generation);
  if (found == family.slots.end() || found->second.empty()) return 0;
  const auto& slots = found->second;
  if (std::find(slots.begin(), slots.end(), slot) != slots.end()) return slot;
  return slots[(slot - 1) % slots.size()];
}

}  // namespace

std::optional<LegacyId> Estate::left(const Family::Member& by, core::GenerationId successors,
                                     bool is_copy) {
  if (legacies_.size() >= most_held) return std::nullopt;
  legacies_[++last_] = {by.id, by.slot, successors, is_copy, 0, false};
  heirless_.insert(last_);
  return last_;
}

std::vector<Gift> Estate::share_out(const Family& family) {
  forget_ended(family);
  review(family);
  std::vector<Gift> gifts;
  for (const auto& member : family.members) {
    if (!member.takes || is_busy(member.id)) continue;
    const auto gift = next_for(family, member);
    if (!gift) continue;
    auto& legacy = legacies_.at(gift->legacy);
    if (gift->heir) {
      legacy.heir = member.id;
      heirless_.erase(gift->legacy);
    }
    auto& progress = progress_[member.id];
    progress.in_hand = gift->legacy;
    if (legacy.successors == member.generation) {
      progress.given = std::max(progress.given, gift->legacy);
    }
    gifts.push_back(*gift);
  }
  return gifts;
}

std::optional<Gift> Estate::next_for(const Family& family, const Family::Member& member) {
  const auto deaths = deaths_.find(member.generation);
  if (deaths != deaths_.end() && deaths->second >= deaths_at_most) return std::nullopt;
  const auto progress = progress_.find(member.id);
  const LegacyId given = progress == progress_.end() ? 0 : progress->second.given;
  const auto own = std::find_if(heirless_.begin(), heirless_.end(),
                                [&](LegacyId id) { return is_for_heir(family, member, id); });
  const auto common = std::find_if(
      legacies_.upper_bound(given), legacies_.end(),
      [&](const auto& legacy) { return legacy.second.successors == member.generation; });
  // In the order they were left.
  if (own != heirless_.end() && (common == legacies_.end() || *own <= common->first)) {
    return Gift{*own, member.id, true};
  }
  if (common == legacies_.end()) return std::nullopt;
  return Gift{common->first, member.id, false};
}

bool Estate::is_for_heir(const Family& family, const Family::Member& member, LegacyId id) const {
  const auto& legacy = legacies_.at(id);
  const auto heirs = legacy.successors != 0 ? legacy.successors : family.taking;
  return heirs == member.generation && legacy.by != member.id &&
         slot_of_heir(family, heirs, legacy.slot) == member.slot;
}

void Estate::forget_ended(const Family& family) {
  std::erase_if(progress_, [&](const auto& one) {
    if (is_here(family, one.first)) return false;
    lose_heir(one.second.in_hand, one.first);
    return true;
  });
}

// When a generation is done with, its successor's workers have what they had.
void Estate::review(const Family& family) {
  std::vector<LegacyId> worthless;
  for (auto& [id, legacy] : legacies_) {
    if (family.slots.contains(legacy.successors)) continue;
    if (legacy.is_settled || (legacy.is_copy && legacy.successors != 0)) worthless.push_back(id);
    legacy.successors = 0;  // what has no heir yet is for one of those that serve now
  }
  for (const auto id : worthless) drop(id);
  std::erase_if(deaths_, [&](const auto& one) { return !family.slots.contains(one.first); });
}

void Estate::took(core::WorkerId worker) {
  const auto found = progress_.find(worker);
  if (found == progress_.end()) return;
  const auto had = legacies_.find(std::exchange(found->second.in_hand, 0));
  if (had == legacies_.end() || had->second.heir != worker) return;
  had->second.is_settled = true;
}

void Estate::returned(core::WorkerId worker) {
  const auto found = progress_.find(worker);
  if (found == progress_.end()) return;
  const auto id = std::exchange(found->second.in_hand, 0);
  if (id != 0 && found->second.given == id) --found->second.given;
  lose_heir(id, worker);
}

void Estate::lose_heir(LegacyId id, core::WorkerId heir) {
  const auto found = legacies_.find(id);
  if (found == legacies_.end() || found->second.heir != heir) return;
  found->second.heir = 0;
  heirless_.insert(id);
}

std::optional<LegacyId> Estate::died_of_it(const Family::Member& worker) {
  const auto found = progress_.find(worker.id);
  if (found == progress_.end() || found->second.in_hand == 0) return std::nullopt;
  const auto id = std::exchange(found->second.in_hand, 0);
  if (!legacies_.contains(id)) return std::nullopt;  // its generation was rejected meanwhile
  ++deaths_[worker.generation];
  drop(id);
  return id;
}

bool Estate::is_busy(core::WorkerId worker) const {
  const auto found = progress_.find(worker);
  return found != progress_.end() && found->second.in_hand != 0;
}

void Estate::drop(LegacyId id) {
  heirless_.erase(id);
  if (legacies_.erase(id) != 0) dropped_.push_back(id);
}

std::vector<LegacyId> Estate::take_dropped() { return std::exchange(dropped_, {}); }

void Estate::clear() {
  for (const auto& [id, legacy] : legacies_) dropped_.push_back(id);
  legacies_.clear();
  heirless_.clear();
  progress_.clear();
}

}  // namespace hupd::master
