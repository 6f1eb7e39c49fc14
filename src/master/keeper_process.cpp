#include "master/keeper_process.hpp"

#include <algorithm>

#include "keeper/keeper.hpp"
#include "log/logger.hpp"
#include "os/clock.hpp"
#include "os/local_stream.hpp"
#include "os/packet_socket.hpp"
#include "os/pipe.hpp"

namespace hupd::master {

namespace {

using keeper::Word;

constexpr std::chrono::milliseconds longest_end{1'000};

}  // namespace

KeeperProcess::KeeperProcess(uv_loop_t* loop, Vault& vault, About about, keeper::Line line,
                             const std::vector<std::string>& stored)
    : loop_(loop), vault_(vault), about_(std::move(about)), again_(loop, [this] {
        if (line_) {
          flush();
        } else {
          start();
        }
      }) {
  if (!line) {
    start();
    return;
  }
  sent_ = {stored.begin(), stored.end()};
  attach(std::move(line));
  add({Word::Renew, {}});
  add({Word::Lead, {}});
}

KeeperProcess::~KeeperProcess() {
  flush();
  if (line_ && line_.send({Word::End})) {  // nothing is left behind by a stop, for a moment either
    os::wait_for_stream(line_.fd(), false, longest_end);
  }
  vault_.drop("keeper", 0);
}

void KeeperProcess::start() {
  restarts_.started(os::monotonic_now());
  if (auto started = try_start(); !started) lost(started.error().text);
}

// It says nothing: its output is a pipe that nobody reads, so that no reader of the master's log
// waits for its end.
os::Result<void> KeeperProcess::try_start() {
  auto channel = os::channel_pair();
  if (!channel) return tl::unexpected(channel.error());
  auto output = os::output_pipe();
  if (!output) return tl::unexpected(output.error());
  if (auto door = open_door(); !door) return door;
  auto spawned = os::spawn_self(keeper::arguments(), os::child_environment({}),
                                channel->second.get(), output->writer.get());
  if (!spawned) return tl::unexpected(spawned.error());
  pid_ = spawned->pid;
  sent_.clear();
  waiting_.clear();
  attach(keeper::Line(std::move(channel->first)));
  add({Word::Lead, {}});
  for (const auto& [name, fd] : wanted_) add({Word::Put, name});
  return {};
}

void KeeperProcess::attach(keeper::Line line) {
  line_ = std::move(line);
  vault_.keep("keeper", 0, line_.fd());
  watch_ = std::make_unique<loop::ReadableOrWritable>(loop_, line_.fd(), [this] {
    hear();
    flush();
  });
  watch_->wait_for(true, false);
}

// One that nobody can ask is worse than none: workers would serve on, and have the addresses, while
// it waits.
os::Result<void> KeeperProcess::open_door() {
  auto door = os::listen_packets(about_.directory, keeper::socket_name);
  if (!door) return tl::unexpected(door.error());
  door_ = std::move(*door);
  return {};
}

// Its master is not told anything but that it is there.
void KeeperProcess::hear() {
  const auto delivery = line_.receive();
  if (!std::holds_alternative<os::WouldBlock>(delivery)) lost("it has ended");
}

// Where it lives and is given up, it is to know, lest it waits for a master beside the next one.
void KeeperProcess::lost(const std::string& why) {
  if (line_) static_cast<void>(line_.send({Word::End}));
  vault_.drop("keeper", 0);
  watch_.reset();
  line_ = keeper::Line();
  pid_.reset();
  waiting_.clear();
  const auto delay = restarts_.pause(os::monotonic_now());
  log::write(log::Level::Warning, {},
             "the keeper, which has what another master would need if this one died, is lost: " +
                 why + "; started again in " + std::to_string(delay.count()) + " ms");
  again_.start(static_cast<std::uint64_t>(delay.count()));
}

}  // namespace hupd::master
