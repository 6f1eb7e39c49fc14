#include "master/takeover.hpp"

#include <ostream>

#include "config/load.hpp"
#include "image/codec.hpp"
#include "master/checkpoint.hpp"
#include "master/service_manager_store.hpp"
#include "os/listen.hpp"
#include "os/memory.hpp"
#include "os/program.hpp"
#include "wire/codec.hpp"

namespace hupd::master {

namespace {

tl::unexpected<std::string> no(std::string why) { return tl::unexpected(std::move(why)); }

tl::expected<image::Master, std::string> read_image(const std::string& text) {
  auto image = image::parse(text);
  if (!image) return image;
  if (image->wire != wire::version) {
    return no("its workers speak version " + std::to_string(image->wire) +
              " of the protocol between master and workers, and hupd " HUPD_VERSION " speaks " +
              std::to_string(wire::version) + ": it takes a restart");
  }
  return image;
}

tl::expected<image::Master, std::string> read_image(int fd) {
  const auto text = os::read_whole(fd);
  if (!text) return no(text.error().text);
  return read_image(*text);
}

// Nobody could have its addresses as long as they are in the store, nor would its workers notice
// that they are alone.
void forget_stored(const std::vector<std::string>& names) {
  const auto notifier = os::Notifier::from_environment();
  for (const auto& name : names) notifier.send(removal_from_store(name));
}

}  // namespace

tl::expected<Takeover, std::string> after_death(Descriptors descriptors, const std::string& text) {
  auto image = read_image(text);
  if (!image) return no(image.error());
  if (image->news.stopping) return no("it was stopping");
  return Takeover{std::move(*image), std::move(descriptors), true};
}

std::optional<tl::expected<Takeover, std::string>> left_in_store() {
  Descriptors descriptors;
  for (auto& [name, fd] : os::inherited_from_store()) descriptors.add(name, std::move(fd));
  const auto names = descriptors.names();
  const auto text = Checkpoint::newest(descriptors);
  auto left = text ? std::optional(after_death(std::move(descriptors), *text)) : std::nullopt;
  if (!left || !*left) forget_stored(names);
  return left;
}

tl::expected<config::Settings, std::string> settings_of(const image::Master& image) {
  config::Settings settings;
  settings.master = image.settings;
  settings.metrics = image.metrics;
  for (const auto& plan : image.plans) {
    auto app = config::parse_plan(plan);
    if (!app) return no("the plan of an app: " + app.error().front().describe());
    settings.apps.push_back(std::move(*app));
  }
  return settings;
}

std::optional<tl::expected<Takeover, std::string>> left_by_predecessor() {
  const auto number = os::take_number_from_environment(takeover_variable);
  if (!number) return std::nullopt;
  const os::Fd fd(*number);
  auto image = read_image(fd.get());
  if (!image) return tl::expected<Takeover, std::string>(no(image.error()));
  Takeover takeover;
  std::vector<int> numbers;
  for (const auto& one : image->descriptors) {
    takeover.descriptors.add(one.name, os::Fd(one.number));
    numbers.push_back(one.number);
  }
  os::set_kept_on_exec(numbers, false);
  takeover.image = std::move(*image);
  return takeover;
}

int check_takeover(ParsesArguments parses, std::ostream& out, std::ostream& err) {
  const auto able = [&]() -> tl::expected<void, std::string> {
    const auto image = read_image(0);
    if (!image) return no(image.error());
    if (const auto settings = settings_of(*image); !settings) return no(settings.error());
    for (const auto& app : image->apps) {
      for (const auto& generation : app.generations) {
        if (!config::parse_plan(generation.plan)) {
          return no("the plan of generation " + std::to_string(generation.id) + " of " + app.name);
        }
      }
    }
    if (!parses(image->arguments)) return no("its command line means something else to this one");
    return {};
  }();
  if (able) {
    out << "hupd " << HUPD_VERSION << can_take_over << '\n';
    return 0;
  }
  err << "hupd " << HUPD_VERSION << " cannot take over: " << able.error() << '\n';
  return 1;
}

}  // namespace hupd::master
