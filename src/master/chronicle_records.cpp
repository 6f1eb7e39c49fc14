// What is kept of reloads, and found again.
#include <algorithm>

#include "log/line.hpp"
#include "master/chronicle.hpp"
#include "os/clock.hpp"

namespace hupd::master {

namespace {

constexpr std::ptrdiff_t kept_of_an_app = 50;
constexpr std::size_t kept_of_all = 1000;  // apps come and go, under any name

// The youngest; null: there is none.
template <typename Reloads>
auto find_in(Reloads& reloads, const std::string& app, core::GenerationId id)
    -> decltype(&reloads.front()) {
  const auto found = std::find_if(reloads.rbegin(), reloads.rend(), [&](const auto& r) {
    return r.app == app && r.generation == id;
  });
  return found == reloads.rend() ? nullptr : &*found;
}

// Not a way back that nobody asked for: what is told of is what led to it.
bool concerns(const control::Reload& reload, const std::string& app) {
  return (reload.app == app || reload.app.empty()) && !reload.by_itself;
}

// Nobody waits for it, and nothing that it says is to come.
bool is_settled(const control::Reload& reload) {
  if (reload.outcome == control::Outcome::Running || reload.probation) return false;
  return reload.outcome != control::Outcome::Done || reload.drained_ms;
}

}  // namespace

void Chronicle::resume(const image::Chronicle& image) {
  reloads_ = image.reloads;
  since_ = image.since;
  last_number_ = image.last_number;
  refused_ = image.refused;
}

control::Reload& Chronicle::add(const std::string& app, core::GenerationId id) {
  const auto of_this_app = [&](const auto& reload) { return reload.app == app; };
  const auto count = std::count_if(reloads_.begin(), reloads_.end(), of_this_app);
  const bool is_full = count >= kept_of_an_app;
  const bool must = count >= 2 * kept_of_an_app || reloads_.size() >= kept_of_all;
  if (is_full || must) drop_oldest(is_full ? app : "", must);
  control::Reload reload;
  reload.number = ++last_number_;
  reload.app = app;
  reload.generation = id;
  reload.started = log::timestamp(std::chrono::system_clock::now());
  since_[reload.number] = os::monotonic_now();
  return reloads_.emplace_back(std::move(reload));
}

// Not of what serves: how old it is, and how long it took to load, is asked for as long as it does.
void Chronicle::drop_oldest(const std::string& app, bool must) {
  const auto is_one = [&](const auto& reload) { return app.empty() || reload.app == app; };
  auto found = std::find_if(reloads_.begin(), reloads_.end(), [&](const auto& reload) {
    return is_one(reload) && is_settled(reload) && !is_last_done(reload);
  });
  if (found == reloads_.end() && must)
    found = std::find_if(reloads_.begin(), reloads_.end(), is_one);
  if (found == reloads_.end()) return;
  since_.erase(found->number);
  reloads_.erase(found);
}

bool Chronicle::is_last_done(const control::Reload& reload) const {
  const auto last = std::find_if(reloads_.rbegin(), reloads_.rend(), [&](const auto& r) {
    return r.app == reload.app && r.outcome == control::Outcome::Done;
  });
  return last != reloads_.rend() && last->number == reload.number;
}

control::Reload* Chronicle::known(const std::string& app, core::GenerationId id) {
  return find_in(reloads_, app, id);
}

const control::Reload* Chronicle::find(const std::string& app, core::GenerationId id) const {
  return find_in(reloads_, app, id);
}

const control::Reload* Chronicle::last(const std::string& app) const {
  const auto found = std::find_if(reloads_.rbegin(), reloads_.rend(),
                                  [&](const auto& r) { return concerns(r, app); });
  return found == reloads_.rend() ? nullptr : &*found;
}

const control::Reload* Chronicle::last_ended(const std::string& app) const {
  const auto found = std::find_if(reloads_.rbegin(), reloads_.rend(), [&](const auto& r) {
    return concerns(r, app) && r.outcome != control::Outcome::Running;
  });
  return found == reloads_.rend() ? nullptr : &*found;
}

std::uint64_t Chronicle::age(const control::Reload& reload) const {
  return static_cast<std::uint64_t>((os::monotonic_now() - since_.at(reload.number)).count());
}

}  // namespace hupd::master
