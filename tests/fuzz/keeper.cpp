// Any packets at all from who may ask the keeper, with any descriptors. What must hold, beside what
// the sanitizers see: nothing is given while the master lives, nor to who has not asked for what is
// kept; who asks afterwards is answered as if nobody had been there, unless it was dropped; what
// was understood is understood in the same way again; and there is no descriptor more afterwards.
#include "keeper/keeper.hpp"

#include <cstdio>
#include <memory>
#include <optional>

#include <sys/syscall.h>

#include "keeper/office.hpp"
#include "os/locked_directory.hpp"
#include "os/packet_socket.hpp"
#include "os/process.hpp"
#include "packets.hpp"
#include "support/directory.hpp"

namespace {

using namespace hupd;
using keeper::Letter;
using keeper::Line;
using keeper::Word;

constexpr const char* identity = "web";

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

os::Fd pidfd_of_the_dead() {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(0);
  os::Fd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  ::waitpid(pid, nullptr, 0);
  return pidfd;
}

// What this packet would say, if it comes.
std::optional<keeper::Message> message_in(std::string_view input) {
  constexpr std::size_t head = 4;
  if (input.size() < head) return std::nullopt;
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(input[at]); };
  auto message = keeper::decode(input.substr(head, byte(2) + 256U * byte(3)));
  if (!message) return std::nullopt;
  const auto again = keeper::decode(keeper::encode(*message));
  if (!again || again->word != message->word || again->fields != message->fields) {
    fail("not the same again");
  }
  return *message;
}

// A keeper with a state, whose master is dead or is this process.
class Desk {
 public:
  explicit Desk(int master) : own_(std::move(*os::LockedDirectory::create(place().path()))) {
    uv_loop_init(&loop_);
    auto ends = os::channel_pair();
    auto door = os::listen_packets(own_.path(), keeper::socket_name);
    const auto state = os::memory_file("state", 1);
    if (!ends || !door || !state) fail("no keeper");
    master_ = Line(std::move(ends->first));
    office_ = std::make_unique<keeper::Office>(&loop_, Line(std::move(ends->second)));
    const bool is_told =
        master_.send({Word::Lead, {identity, own_.path(), "60000", "7"}}, {master, door->get()}) &&
        master_.send({Word::Put, {"state-0"}}, {state->get()}) &&
        master_.send({Word::Put, {"runtime-dir-0"}}, {own_.lock()});
    if (!is_told) fail("it does not listen");
    turn();
  }
  ~Desk() {
    office_.reset();
    uv_run(&loop_, UV_RUN_NOWAIT);
    if (uv_loop_close(&loop_) != 0) fail("a handle was left");
  }
  Line caller() const {
    auto line = os::connect_packets(own_.path(), keeper::socket_name);
    return line ? Line(std::move(*line)) : Line();
  }
  // All that was answered; whether there was a descriptor with it.
  bool gives(const Line& line) {
    turn();
    if (!line) return false;  // it has left, and the directory with it
    bool gave = false;
    for (;;) {
      const auto delivery = line.receive();
      if (std::holds_alternative<keeper::Unusable>(delivery))
        fail("it says what nobody understands");
      const auto* letter = std::get_if<Letter>(&delivery);
      if (letter == nullptr) return gave;
      gave = gave || !letter->fds.empty();
    }
  }

 private:
  static const test::Directory& place() {
    static const test::Directory directory;
    return directory;
  }
  void turn() {
    for (int i = 0; i < 8; ++i) uv_run(&loop_, UV_RUN_NOWAIT);
  }

  uv_loop_t loop_;
  os::LockedDirectory own_;
  Line master_;
  std::unique_ptr<keeper::Office> office_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Palette palette;
  static const os::Fd dead = pidfd_of_the_dead();
  static const os::Fd alive = std::move(*os::own_pidfd());
  static const bool is_warm = (Desk(alive.get()), true);  // libuv keeps a descriptor for signals
  if (size == 0 || !is_warm) return 0;
  std::string_view input(reinterpret_cast<const char*>(data + 1), size - 1);
  const bool is_orphan = (data[0] & 1) != 0;
  const int before = fuzz::lowest_free();
  {
    Desk desk(is_orphan ? dead.get() : alive.get());
    const auto line = desk.caller();
    bool has_asked = false;
    bool has_dropped = false;
    for (bool goes_on = true; goes_on;) {
      const auto message = message_in(input);
      const bool is_ask = message && message->word == Word::Ask;
      has_asked = has_asked || (is_ask && message->fields == std::vector<std::string>{identity});
      has_dropped = has_dropped || (has_asked && message && message->word == Word::Drop);
      goes_on = fuzz::send_one(input, line.fd(), palette);
      if (desk.gives(line) && !(is_orphan && has_asked)) fail("given to who may not have it");
    }
    const auto next = desk.caller();
    static_cast<void>(next.send({Word::Ask, {identity}}));
    if (desk.gives(next) != is_orphan && !has_dropped) {
      fail("the next one is not answered as if nobody had been there");
    }
  }
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {  // what discards; the fuzzer has children, too
  }
  if (fuzz::lowest_free() != before) fail("a descriptor was left open");
  return 0;
}
