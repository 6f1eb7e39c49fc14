// What is left as plain data, and going on with that of another master.
#include "master/estate.hpp"

namespace hupd::master {

image::Legacies Estate::image() const {
  image::Legacies image;
  image.last = last_;
  for (const auto& [id, l] : legacies_) {
    image.left.push_back(
        {id, 0, 0, 0, l.by, l.slot, l.successors, l.is_copy, l.is_settled, l.heir});
  }
  for (const auto& [worker, p] : progress_) image.taking[worker] = {p.given, p.in_hand};
  image.deaths = deaths_;
  return image;
}

void Estate::resume(const image::Legacies& image) {
  last_ = image.last;
  for (const auto& l : image.left) {
    legacies_[l.id] = {l.by, l.slot, l.successors, l.is_copy, l.heir, l.is_settled};
    if (l.heir == 0) heirless_.insert(l.id);
  }
  for (const auto& [worker, taking] : image.taking) {
    progress_[worker] = {taking.given, taking.in_hand};
  }
  deaths_ = image.deaths;
}

}  // namespace hupd::master
