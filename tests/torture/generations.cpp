#include "generations.hpp"

namespace hupd::torture {

void Generations::reloading(Time now) {
  reload_ = now;
  switches_.emplace_back();
}

void Generations::answered(std::string_view generation, Time now) {
  // The first answer of all names the generation that serves, also when it comes after a reload.
  const bool is_first = known_.empty();
  const bool fresh = !is_first && !known_.contains(generation);
  if (fresh || is_first) {
    known_.emplace(generation);
    newest_ = generation;
  }
  if (switches_.empty()) return;
  Switch& current = switches_.back();
  if (fresh && !current.switched) {
    current.switched = true;
    current.to = generation;
    current.first_new = now - reload_;
  } else if (generation != newest_ || !current.switched) {
    current.last_old = now - reload_;
  }
}

}  // namespace hupd::torture
