// The master as plain data, and going on with what another one has left.
#include <set>
#include <string>

#include "image/codec.hpp"
#include "log/line.hpp"
#include "log/logger.hpp"
#include "master/running.hpp"
#include "os/files.hpp"
#include "os/process.hpp"
#include "wire/codec.hpp"

namespace hupd::master {

namespace {

std::size_t count_workers(const image::Master& image) {
  std::size_t count = 0;
  for (const auto& app : image.apps) {
    for (const auto& generation : app.generations) count += generation.workers.size();
  }
  return count;
}

// A generation that was begun after the checkpoint has left one, and nobody knows it.
void remove_unknown_copies(const image::Master& image) {
  std::set<std::string> known;
  for (const auto& app : image.apps) {
    for (const auto& generation : app.generations) known.insert(generation.directory);
  }
  os::remove_other_directories(image.runtime_dir, known);
}

ListenersByKey take_up(Listeners& listeners, Takeover& left) {
  ListenersByKey all;
  for (const auto& listener : left.image.listeners) {
    if (listener.is_of_exporter) continue;
    auto fd = left.descriptors.take("listener", listener.key);
    auto found = fd ? listeners.take_up(listener, std::move(fd))
                    : listeners.find_inherited(listener.listen.text);
    if (found) all[listener.key] = std::move(found);
  }
  return all;
}

}  // namespace

image::Master Running::image() {
  auto& vault = shared_.vault;
  auto& own = own_;
  image::Master image;
  image.hupd = HUPD_VERSION;
  image.wire = wire::version;
  image.pid = os::own_pid();
  image.program = program_.file;
  image.arguments = program_.arguments;
  image.started_at = started_at_;
  image.started = started_;
  image.past = past_;
  image.last_key = vault.last_key();
  image.settings = shared_.settings->master;
  image.started_with = started_with_;
  image.metrics = shared_.settings->metrics;
  for (const auto& app : shared_.settings->apps) image.plans.push_back(app.plan);

  image.runtime_place = own.runtime_dir.place();
  image.runtime_dir = own.runtime_dir.path();
  image.pid_file = own.pid_file.path();
  image.control_path = own.control.path();
  if (const auto& file = own.control.identity()) image.control_file = {file->device, file->inode};
  if (kept_directory_ != own.runtime_dir.times_made()) {
    own.keep(vault);
    if (vault.has_keeper()) vault.keeper()->is_found_in(own.runtime_dir.path());
    kept_directory_ = own.runtime_dir.times_made();
  }

  image.listeners = shared_.listeners.image();
  exporter_.put_into(image);
  apps_.put_into(image);
  image.reload_wanted = reload_wanted_;
  image.news = shared_.news.image();
  image.chronicle = shared_.news.chronicle().image();
  image.clients = control_.image();
  image.not_ours = strays_.not_ours();
  return image;
}

void Running::resume_common(Takeover& left) {
  const auto& image = left.image;
  taken_up_ = take_up(shared_.listeners, left);
  if (shared_.vault.has_keeper()) open_checkpoint(&left.descriptors);
  started_at_ = image.started_at;
  started_ = image.started;
  past_ = image.past;
  started_with_ = image.started_with;
  shared_.news.resume(image.news);
  shared_.news.chronicle().resume(image.chronicle);
  reload_wanted_ = image.reload_wanted;
}

os::Result<void> Running::resume(Takeover& left) {
  auto& image = left.image;
  auto& descriptors = left.descriptors;
  resume_common(left);
  if (auto had = apps_.resume(image, taken_up_, descriptors); !had) return had;
  exporter_.resume(image, taken_up_, descriptors);
  control_.resume(image.clients, descriptors);
  strays_.set_not_ours(image.not_ours);
  ++past_.upgrades;
  log::write(log::Level::Info, {.pid = os::own_pid()},
             "upgrade done: hupd " HUPD_VERSION " goes on for hupd " + image.hupd + ", with " +
                 std::to_string(count_workers(image)) + " workers");
  make_checkpoint();  // what somebody is told is so for the next master, too
  control_.upgraded(std::nullopt);
  shared_.has_changed = true;
  taken_up_.clear();
  reap();
  return {};
}

os::Result<void> Running::revive(Takeover& left) {
  auto& image = left.image;
  auto& descriptors = left.descriptors;
  resume_common(left);
  if (auto had = apps_.resume(image, taken_up_, descriptors); !had) return had;
  remove_unknown_copies(image);
  ++past_.deaths;
  past_.revived = log::timestamp(std::chrono::system_clock::now());
  log::write(log::Level::Warning, {.pid = os::own_pid()},
             "the master before (pid " + std::to_string(image.pid) +
                 ") has died: this one goes on with what it had, " +
                 std::to_string(count_workers(image)) + " workers");
  strays_.spare(image.not_ours);
  apps_.revive();
  if (auto serves = exporter_.revive(image, descriptors); !serves) {
    log::write(log::Level::Error, {}, "metrics: " + serves.error().text);
  }
  shared_.news.revived();
  shared_.has_changed = true;
  taken_up_.clear();
  return {};
}

tl::expected<void, control::Error> Running::upgrade() {
  if (shared_.news.is_stopping()) {
    return tl::unexpected(control::Error{control::Problem::Stopping, "the master is stopping"});
  }
  upgrade_.request();
  return {};
}

void Running::upgrade_refused(const std::string& why) {
  ++past_.upgrades_refused;
  shared_.has_changed = true;
  control_.upgraded(why);
}

}  // namespace hupd::master
