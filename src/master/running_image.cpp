// The master as plain data, and going on with what another one has left.
#include "log/logger.hpp"
#include "master/running.hpp"
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

}  // namespace

image::Master Running::image() {
  auto& vault = shared_.vault;
  auto& own = own_;
  image::Master image;
  image.hupd = HUPD_VERSION;
  image.wire = wire::version;
  image.pid = os::own_pid();
  image.arguments = program_.arguments;
  image.started_at = started_at_;
  image.started = started_;
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
  vault.keep("runtime-dir", 0, own.runtime_dir.lock());
  vault.keep("pid-file", 0, own.pid_file.fd());
  vault.keep("control", 0, own.control.fd());

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

os::Result<void> Running::resume(Takeover& left) {
  auto& [image, descriptors] = left;
  ListenersByKey listeners;
  for (const auto& listener : image.listeners) {
    if (listener.is_of_exporter) continue;
    auto fd = descriptors.take("listener", listener.key);
    if (fd) listeners[listener.key] = shared_.listeners.take_up(listener, std::move(fd));
  }
  started_at_ = image.started_at;
  started_ = image.started;
  started_with_ = image.started_with;
  shared_.news.resume(image.news);
  shared_.news.chronicle().resume(image.chronicle);
  if (auto had = apps_.resume(image, listeners, descriptors); !had) return had;
  exporter_.resume(image, listeners, descriptors);
  control_.resume(image.clients, descriptors);
  strays_.set_not_ours(image.not_ours);
  reload_wanted_ = image.reload_wanted;
  log::write(log::Level::Info, {.pid = os::own_pid()},
             "upgrade done: hupd " HUPD_VERSION " goes on for hupd " + image.hupd + ", with " +
                 std::to_string(count_workers(image)) + " workers");
  control_.upgraded(std::nullopt);
  reap();
  return {};
}

tl::expected<void, control::Error> Running::upgrade() {
  if (shared_.news.is_stopping()) {
    return tl::unexpected(control::Error{control::Problem::Stopping, "the master is stopping"});
  }
  upgrade_.request();
  return {};
}

}  // namespace hupd::master
