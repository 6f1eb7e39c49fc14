#include "keeper/callers.hpp"

#include "os/accept.hpp"
#include "os/discard.hpp"
#include "os/local_stream.hpp"
#include "os/packet_socket.hpp"

namespace hupd::keeper {

namespace {

constexpr std::size_t most = 16;
constexpr std::uint64_t time_to_ask_ms = 10'000;

// The file's mode says the same, if nobody has changed it.
bool is_allowed(int fd) {
  const auto peer = os::peer_credentials(fd);
  return peer && (peer->uid == 0 || peer->uid == os::own_uid());
}

}  // namespace

void Callers::Caller::answer(const Message& message, const std::vector<int>& fds) {
  if (!line_.send(message, fds)) is_done_ = true;
}

Line Callers::Caller::leave() {
  watch_.reset();  // before somebody else watches it
  is_done_ = true;
  return std::move(line_);
}

void Callers::open(os::Fd door) {
  watch_.reset();
  door_ = std::move(door);
  os::listen_as_this_process(door_.get());
  watch_ = std::make_unique<loop::Watches>(loop_, [](const std::string&) {});  // it says nothing
  watch_->add(door_.get(), [this] { welcome(); });
}

// Whoever finds no place is told by the end of file, and may come again.
void Callers::welcome() {
  auto accepted = os::accept_one(door_.get());
  if (accepted.status == os::AcceptStatus::Broken) watch_->remove_all();
  if (accepted.status == os::AcceptStatus::OutOfResources) watch_->pause(loop::Watches::pause_ms);
  if (!accepted.fd || callers_.size() >= most || !is_allowed(accepted.fd.get())) return;
  auto& caller = callers_.emplace_back();
  caller.line_ = Line(std::move(accepted.fd));
  caller.watch_ =
      std::make_unique<loop::Readable>(loop_, caller.line_.fd(), [this, &caller] { hear(caller); });
  caller.patience_ = std::make_unique<loop::Timer>(loop_, [this, &caller] { dismiss(caller); });
  caller.patience_->start(time_to_ask_ms);
}

void Callers::hear(Caller& caller) {
  auto delivery = caller.line_.receive();
  if (std::holds_alternative<os::WouldBlock>(delivery)) return;
  if (auto* letter = std::get_if<Letter>(&delivery)) {
    on_letter_(caller, *letter);
    os::discard(std::move(letter->fds));
    if (!caller.is_done_) return;
  }
  dismiss(caller);
}

void Callers::dismiss(Caller& caller) {
  callers_.remove_if([&caller](const Caller& one) { return &one == &caller; });
}

}  // namespace hupd::keeper
