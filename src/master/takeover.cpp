#include "master/takeover.hpp"

#include <ostream>

#include "config/load.hpp"
#include "image/codec.hpp"
#include "master/checkpoint.hpp"
#include "master/service_manager_store.hpp"
#include "os/listen.hpp"
#include "os/locked_directory.hpp"
#include "os/memory.hpp"
#include "os/program.hpp"
#include "wire/codec.hpp"

namespace hupd::master {

namespace {

// For a service manager to give up what it keeps; that of sd_notify_barrier(3)'s own example.
constexpr auto longest_to_forget = std::chrono::seconds(5);

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

tl::expected<Takeover, std::string> read_takeover(tl::expected<image::Master, std::string> image) {
  if (!image) return no(image.error());
  auto settings = settings_of(*image);
  if (!settings) return no(settings.error());
  return Takeover{std::move(*image), std::move(*settings), {}, false, {}};
}

// Its directory would look as if somebody used it for as long as a copy of its lock is stored.
void forget(Descriptors descriptors) {
  const auto names = descriptors.names();
  os::abandon(descriptors.take("runtime-dir", 0));
  descriptors = {};
  forget_stored(names);
}

}  // namespace

KeeperLine::~KeeperLine() {
  if (line_) static_cast<void>(line_.send({keeper::Word::End}));
}

tl::expected<Takeover, std::string> read_after_death(const std::string& text) {
  auto left = read_takeover(read_image(text));
  if (left && left->image.news.stopping) return no("it was stopping");
  return left;
}

void forget_stored(const std::vector<std::string>& names) {
  std::vector<std::string> removals;
  for (const auto& name : names) removals.push_back(removal_from_store(name));
  os::Notifier::from_environment().send_all_and_wait(removals, longest_to_forget);
}

std::optional<tl::expected<Takeover, std::string>> left_in_store() {
  Descriptors descriptors;
  for (auto& [name, fd] : os::inherited_from_store()) descriptors.add(name, std::move(fd));
  if (descriptors.names().empty()) return std::nullopt;
  const auto text = Checkpoint::newest(descriptors);
  auto left = text ? read_after_death(*text) : no("it had written nothing down");
  if (left) {
    left->descriptors = std::move(descriptors);
    left->is_after_death = true;
  } else {
    forget(std::move(descriptors));
  }
  return left;
}

std::optional<tl::expected<Takeover, std::string>> left_by_predecessor() {
  const auto number = os::take_number_from_environment(takeover_variable);
  if (!number) return std::nullopt;
  const os::Fd fd(*number);
  auto takeover = read_takeover(read_image(fd.get()));
  if (!takeover) return takeover;
  std::vector<int> numbers;
  for (const auto& one : takeover->image.descriptors) {
    takeover->descriptors.add(one.name, os::Fd(one.number));
    numbers.push_back(one.number);
  }
  os::set_kept_on_exec(numbers, false);
  return takeover;
}

int check_takeover(ParsesArguments parses, std::ostream& out, std::ostream& err) {
  const auto able = [&]() -> tl::expected<void, std::string> {
    const auto left = read_takeover(read_image(0));
    if (!left) return no(left.error());
    for (const auto& app : left->image.apps) {
      for (const auto& generation : app.generations) {
        if (!config::parse_plan(generation.plan)) {
          return no("the plan of generation " + std::to_string(generation.id) + " of " + app.name);
        }
      }
    }
    if (!parses(left->image.arguments))
      return no("its command line means something else to this one");
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
