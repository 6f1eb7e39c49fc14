#include "master/child.hpp"

#include "log/logger.hpp"
#include "os/clock.hpp"
#include "os/discard.hpp"
#include "wire/speech.hpp"

namespace hupd::master {

namespace {

// More than a channel holds, so that all is handled that a child said before it died; but one that
// never stops talking does not keep the master from the others.
constexpr int most_at_once = 4096;

}  // namespace

Child::Child(uv_loop_t* loop, Vault& vault, ChildName name, wire::Link link, os::Fd output,
             OnLetter on_letter, OnEnd on_end)
    : vault_(vault),
      key_(vault.new_key()),
      name_(std::move(name)),
      link_(std::move(link)),
      on_letter_(std::move(on_letter)),
      on_end_(std::move(on_end)),
      watch_(std::make_unique<loop::Readable>(loop, link_.fd(), [this] { catch_up(); })),
      outlived_(loop, [this] { kill_outlived(); }),
      output_(loop, std::move(output), name_) {
  keep();
}

Child::~Child() {
  hang_up();
  for (const auto* kind : {"channel", "output", "pidfd"}) vault_.drop(kind, key_);
}

// A worker that was born outlives its master; a zygote and the exporter do not. By its pidfd: of
// what a master left that died before it wrote down the birth, the pid is not known.
void Child::keep() {
  const auto lasts = name_.slot != 0 && pidfd_ ? Lasts::Beyond : Lasts::WithProcess;
  vault_.keep("channel", key_, link_.fd(), lasts);
  vault_.keep("output", key_, output_.fd(), lasts);
  vault_.keep("pidfd", key_, pidfd_.get(), lasts);
}

void Child::kill_outlived() {
  log::write(log::Level::Error, name_.subject(),
             "it has closed its channel and lives on: it is killed");
  signal(os::Signal::Kill);
}

void Child::born(os::Pid pid, os::Fd pidfd, std::chrono::milliseconds farewell) {
  name_.pid = pid;
  pidfd_ = std::move(pidfd);
  keep();
  farewell_ = farewell;
  if (!watch_) await_its_end();  // it was quicker than the news of its birth
}

void Child::send(const wire::Message& message, const std::vector<int>& fds) {
  if (!link_) return;
  const auto sent = try_send(message, fds);
  if (!sent && sent.error().code != EPIPE && sent.error().code != ECONNRESET) {
    log::write(log::Level::Warning, name_.subject(), sent.error().text);
  }
}

os::Result<void> Child::try_send(const wire::Message& message, const std::vector<int>& fds) {
  if (!link_) return os::refused("its channel is closed");
  auto sent = link_.send(message, fds, os::Wait::No);
  if (sent) allowance_.add(1);
  return sent;
}

void Child::signal(os::Signal signal) {
  if (!pidfd_) return;
  const auto sent = os::send_signal(pidfd_.get(), signal);
  if (!sent && sent.error().code != ESRCH) {
    log::write(log::Level::Error, name_.subject(), sent.error().text);
  }
}

void Child::becomes(core::GenerationId generation, OnLetter on_letter) {
  name_.generation = generation;
  on_letter_ = std::move(on_letter);
}

void Child::hang_up() {
  watch_.reset();
  vault_.drop("channel", key_);
  os::discard_channel(link_.release());
}

void Child::await_its_end() {
  if (is_born() && !outlived_.is_running()) {
    outlived_.start(static_cast<std::uint64_t>(farewell_.count()));
  }
}

void Child::ended() {
  hang_up();
  await_its_end();
  on_end_();
}

// What is discarded was not asked for, and may be anything.
void Child::end_for(const std::string& fault, std::vector<os::Fd> fds) {
  log::write(log::Level::Error, name_.subject(),
             "its channel is closed, and it is killed: " + fault);
  signal(os::Signal::Kill);  // first: whatever is asked at a close is asked of the dead
  os::discard(std::move(fds));
  ended();
}

std::string Child::take(wire::Letter& letter) {
  const auto speaker = name_.slot == 0 ? wire::Speaker::Zygote : wire::Speaker::Worker;
  if (!allowance_.take(os::monotonic_now())) return "it says more than there is to say";
  if (!wire::may_say(speaker, letter.message)) return "a message that is not its to send";
  if (letter.fds.size() > wire::descriptors_with(letter.message)) {
    return "a message with descriptors that it is not to have";
  }
  on_letter_(letter);
  return std::exchange(objection_, {});
}

void Child::catch_up() {
  for (int handled = 0; watch_ && handled < most_at_once; ++handled) {
    auto delivery = link_.receive(os::Wait::No);
    if (std::holds_alternative<os::WouldBlock>(delivery)) break;
    if (auto* letter = std::get_if<wire::Letter>(&delivery)) {
      const auto fault = take(*letter);
      if (!fault.empty()) end_for(fault, std::move(letter->fds));
    } else if (auto* bad = std::get_if<wire::Malformed>(&delivery)) {
      end_for(bad->what, std::move(bad->fds));
    } else {
      ended();
    }
  }
  output_.catch_up();
}

}  // namespace hupd::master
