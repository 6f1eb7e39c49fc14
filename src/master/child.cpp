#include "master/child.hpp"

#include "log/logger.hpp"

namespace hupd::master {

namespace {

// More than a channel holds, so that all is handled that a child said before it died; but one that
// never stops talking does not keep the master from the others.
constexpr int most_at_once = 4096;

}  // namespace

Child::Child(uv_loop_t* loop, ChildName name, wire::Link link, os::Fd output, OnLetter on_letter,
             OnEnd on_end)
    : name_(std::move(name)),
      link_(std::move(link)),
      on_letter_(std::move(on_letter)),
      on_end_(std::move(on_end)),
      watch_(std::make_unique<loop::Readable>(loop, link_.fd(), [this] { catch_up(); })),
      output_(loop, std::move(output), name_) {}

void Child::born(os::Pid pid, os::Fd pidfd) {
  name_.pid = pid;
  pidfd_ = std::move(pidfd);
}

void Child::send(const wire::Message& message, const std::vector<int>& fds) {
  if (!link_) return;
  const auto sent = link_.send(message, fds, os::Wait::No);
  if (!sent && sent.error().code != EPIPE && sent.error().code != ECONNRESET) {
    log::write(log::Level::Warning, name_.subject(), sent.error().text);
  }
}

os::Result<void> Child::try_send(const wire::Message& message, const std::vector<int>& fds) {
  if (!link_) return os::refused("its channel is closed");
  return link_.send(message, fds, os::Wait::No);
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
  link_.close();
}

void Child::catch_up() {
  for (int handled = 0; watch_ && handled < most_at_once; ++handled) {
    auto delivery = link_.receive(os::Wait::No);
    if (std::holds_alternative<os::WouldBlock>(delivery)) break;
    if (auto* letter = std::get_if<wire::Letter>(&delivery)) {
      on_letter_(*letter);
      continue;
    }
    if (const auto* bad = std::get_if<wire::Malformed>(&delivery)) {
      log::write(log::Level::Error, name_.subject(), "its channel is closed: " + bad->what);
    }
    hang_up();
    on_end_();
  }
  output_.catch_up();
}

}  // namespace hupd::master
