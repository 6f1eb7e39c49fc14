#include "master/keeper_inquiry.hpp"

#include <filesystem>

#include "keeper/keeper.hpp"
#include "master/checkpoint.hpp"
#include "os/clock.hpp"
#include "os/limits.hpp"
#include "os/local_stream.hpp"
#include "os/locked_directory.hpp"
#include "os/packet_socket.hpp"
#include "os/process.hpp"

namespace hupd::master {

namespace {

using keeper::Letter;
using keeper::Word;

constexpr std::chrono::milliseconds longest_answer{2'000};
constexpr std::chrono::milliseconds longest_takeover{10'000};
constexpr const char* anew = "; this one begins anew, and those workers leave by themselves";

// An answer by `until`; nothing: there is none.
std::optional<keeper::Delivery> next(const keeper::Line& line, std::chrono::milliseconds until) {
  for (;;) {
    if (os::monotonic_now() > until) return std::nullopt;  // also of one that never ends
    auto delivery = line.receive();
    if (!std::holds_alternative<os::WouldBlock>(delivery)) return delivery;
    const auto left = until - os::monotonic_now();
    if (left.count() <= 0 || !os::wait_for_stream(line.fd(), false, left)) return std::nullopt;
  }
}

// The process of pid file fame in "…/master-812" or "…/master-812-2".
std::string pid_in(const std::string& directory) {
  const auto name =
      std::filesystem::path(directory).filename().string().substr(std::string("master-").size());
  return name.substr(0, name.find('-'));
}

std::string died(const std::string& pid, const std::string& workers) {
  return "the master before (pid " + pid + ", with " + workers + " workers) has died";
}

}  // namespace

void KeeperInquiry::make() {
  auto connected = os::connect_packets(directory_, keeper::socket_name);
  if (!connected) return nobody_answers(connected.error().code);
  const auto peer = os::peer_credentials(connected->get());
  if (!peer || (peer->uid != 0 && peer->uid != os::own_uid())) {
    return find("what listens at its keeper's socket is another user's, and is not asked");
  }
  keeper_pid_ = std::to_string(peer->pid);
  line_ = keeper::Line(std::move(*connected));
  if (!line_.send({Word::Ask, {identity_}})) return has_left();
  auto answer = next(line_, os::monotonic_now() + longest_answer);
  if (!answer) return is_stuck();
  if (const auto* strange = std::get_if<keeper::Unusable>(&*answer)) return tell(*strange);
  auto* letter = std::get_if<Letter>(&*answer);
  return letter != nullptr ? hear(*letter) : has_left();
}

void KeeperInquiry::find(const std::string& what) {
  search_.found.push_back(directory_ + ": " + what);
}

void KeeperInquiry::nobody_answers(int code) {
  if (code == EAGAIN) return is_stuck();
  if (code != ECONNREFUSED || !os::is_abandoned(directory_)) return;
  find("the master before (pid " + pid_in(directory_) +
       ") has died, and its keeper, too, which had what another one needs" + anew);
}

void KeeperInquiry::has_left() {
  find("the keeper of a master (process " + keeper_pid_ + ") left as it was asked, or was busy");
}

void KeeperInquiry::is_stuck() {
  find("the keeper of a master (process " + keeper_pid_ +
       ") does not answer, and may keep addresses of one that has died: if so, end it (" +
       (line_ ? "kill -9 " + keeper_pid_ : "ss -xlp tells which process has its socket") +
       ") and start this one again");
}

void KeeperInquiry::tell(const keeper::Unusable& strange) {
  find("the keeper of a master (process " + keeper_pid_ + "): " + strange.why +
       "; if that master has died, end it (kill -9 " + keeper_pid_ + ") and start this one again");
}

void KeeperInquiry::hear(Letter& letter) {
  const auto& fields = letter.message.fields;
  if (fields.size() < 3) return;
  const auto what = died(fields[0], fields[2]);
  const auto word = letter.message.word;  // Led: a master is there
  if (word == Word::Yours) judge(letter, what);
  if (word == Word::Others) {
    find(what + " and served something else (" + fields[1] +
         "): start that again, or wait until its workers leave by themselves");
  }
  if (word == Word::Taken) {
    search_.taken_by_another = "another hupd goes on with what this one is to serve (" + identity_ +
                               "), whose master had died: this one is not needed";
  }
}

void KeeperInquiry::judge(Letter& letter, const std::string& what) {
  Descriptors states;
  const auto& names = letter.message.fields;
  for (std::size_t i = 0; i < letter.fds.size() && i + 3 < names.size(); ++i) {
    states.add(names[i + 3], std::move(letter.fds[i]));
  }
  const auto text = Checkpoint::newest(states);
  auto left = text ? read_after_death(*text)
                   : tl::expected<Takeover, std::string>(
                         tl::unexpect, std::string("it had written nothing down"));
  if (left) return take(std::move(*left), what);
  // Its end is waited for, since what it has of addresses is in this one's way.
  static_cast<void>(line_.send({Word::Drop}));
  static_cast<void>(next(line_, os::monotonic_now() + longest_answer));
  find(what + ", and cannot be gone on with: " + left.error() + anew);
}

void KeeperInquiry::take(Takeover left, const std::string& what) {
  const auto self = os::own_pidfd();
  os::raise_descriptor_limit();
  if (!self) return find(what + ": " + self.error().text + anew);
  static_cast<void>(line_.send({Word::Take}, {self->get()}));
  const auto until = os::monotonic_now() + longest_takeover;
  for (;;) {
    auto delivery = next(line_, until);
    auto* letter = delivery ? std::get_if<Letter>(&*delivery) : nullptr;
    if (letter == nullptr) {
      return find(what + ", and its keeper (process " + keeper_pid_ +
                  ") did not give all that it had" + anew);
    }
    if (letter->message.word == Word::Taken) return hear(*letter);
    if (letter->message.word == Word::All) break;
    if (letter->message.fields.size() != 1 || letter->fds.size() != 1) continue;
    left.descriptors.add(letter->message.fields[0], std::move(letter->fds[0]));
  }
  left.is_after_death = true;
  left.keeper = KeeperLine(std::move(line_));
  search_.left = std::move(left);
}

}  // namespace hupd::master
