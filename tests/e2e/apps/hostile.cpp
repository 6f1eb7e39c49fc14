// A service whose code has been taken over. A worker that is asked for /attack?NAME turns on the
// master, by its channel and by all else that it has in hand; -DHOSTILE_ZYGOTE="NAME" does so from
// the zygote, which creates it.
#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <hupd/http.hpp>

namespace {

namespace http = hupd::http;

// As src/wire/messages.hpp numbers them; the story has each told to the master in vain.
enum Kind : std::uint8_t {
  Copied = 4,
  Loaded = 5,
  Forked = 6,
  ForkFailed = 7,
  Start = 8,
  Drain = 12,
  Ready = 20,
  Awaits = 21,
  Took = 22,
  Left = 23,
  AsksToGo = 24,
  Worn = 25,
  Unwell = 26,
  Well = 27,
  Leaving = 30,
  Failed = 31
};

template <typename T>
std::string raw(T number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}
std::string text(const std::string& of) { return raw(static_cast<std::uint32_t>(of.size())) + of; }
std::string message(Kind kind, const std::string& fields = "") { return raw(kind) + fields; }

// The first of its kind: those of the hand-over queue come later.
int find_channel() {
  for (int fd = 3; fd < 1024; ++fd) {
    int type = 0;
    socklen_t size = sizeof type;
    if (::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET) {
      return fd;
    }
  }
  ::abort();
}

// In a worker it is another one than in the zygote that was forked.
int channel_of_process() {
  static const pid_t found_by = ::getpid();
  static int found = -1;
  if (found < 0 || found_by != ::getpid()) found = find_channel();
  return found;
}

// False: the channel is closed.
bool send(const std::string& bytes, const std::vector<int>& fds = {}) {
  iovec data{const_cast<char*>(bytes.data()), bytes.size()};
  std::vector<char> control(CMSG_SPACE(fds.size() * sizeof(int)));
  msghdr head{};
  head.msg_iov = &data;
  head.msg_iovlen = 1;
  if (!fds.empty()) {
    head.msg_control = control.data();
    head.msg_controllen = control.size();
    cmsghdr* c = CMSG_FIRSTHDR(&head);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
    std::memcpy(CMSG_DATA(c), fds.data(), fds.size() * sizeof(int));
  }
  return ::sendmsg(channel_of_process(), &head, MSG_NOSIGNAL) >= 0 ||
         (errno != EPIPE && errno != ECONNRESET);
}

void send_often(int times, const std::string& bytes, const std::vector<int>& fds = {}) {
  for (int i = 0; i < times && send(bytes, fds); ++i) {
  }
}

int pidfd_of(int pid) { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); }

void name_as_forked(std::uint64_t worker, int pid, int really) {
  send(message(Forked, raw(worker) + raw(pid)), {pidfd_of(really)});
}

int victim() { return ::atoi(::getenv("HOSTILE_VICTIM")); }

int sealed_memory() {
  const int fd = static_cast<int>(::memfd_create("legacy", MFD_ALLOW_SEALING | MFD_CLOEXEC));
  if (::write(fd, "x", 1) != 1) ::abort();
  ::fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
  return fd;
}

std::string left(bool is_copy) {
  return message(Left, raw(std::uint8_t{is_copy}) + raw(std::uint8_t{1}) + raw(std::uint32_t{1}));
}

// Nobody reads what it has to send: close() waits for a minute.
int lingering_socket() {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  const int near = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* where = reinterpret_cast<sockaddr*>(&address);
  ::bind(listener, where, size);
  ::listen(listener, 1);
  ::getsockname(listener, where, &size);
  ::connect(near, where, size);
  ::accept(listener, nullptr, nullptr);
  static const std::array<char, 65536> bytes{};
  while (::send(near, bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
  }
  const linger minute{1, 60};
  ::setsockopt(near, SOL_SOCKET, SO_LINGER, &minute, sizeof minute);
  return near;
}

void send_lingering() {
  const int socket = lingering_socket();
  int pair[2];
  ::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair);
  for (int i = 0; i < 10; ++i) send(message(Well), {socket, pair[0]});
  ::close(socket);
}

void scribble_on_scoreboard() {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find("hupd-scoreboard") == std::string::npos) continue;
    if (line.find(" rw-s ") == std::string::npos) continue;
    unsigned long begin = 0;
    unsigned long end = 0;
    ::sscanf(line.c_str(), "%lx-%lx", &begin, &end);
    std::memset(reinterpret_cast<void*>(begin), 0xff, end - begin);
  }
}

void chatter() {
  std::string noise(65536, '\0');
  for (std::size_t i = 0; i < noise.size(); ++i) noise[i] = static_cast<char>(i * 131);
  std::erase(noise, '\n');
  for (int i = 0; i < 300; ++i) {
    if (::write(STDERR_FILENO, noise.data(), noise.size()) < 0) return;
  }
}

void close_all() {
  for (int fd = 3; fd < 1024; ++fd) ::close(fd);
}

[[noreturn]] void live_on() {
  for (;;) ::usleep(100'000);
}

std::vector<int> many(int fd) { return std::vector<int>(253, fd); }

const std::map<std::string, std::function<void()>> attacks = {
    {"garbage", [] { send("gibberish"); }},
    {"empty", [] { send("", {channel_of_process()}); }},
    {"truncated", [] { send(message(Leaving, "abc")); }},
    {"long", [] { send(std::string(100'000, 'x')); }},
    {"unknown", [] { send(std::string(1, '\xfe')); }},
    {"born", [] { name_as_forked(1, 1, 1); }},
    {"victim", [] { name_as_forked(1, victim(), victim()); }},
    {"fork_failed", [] { send(message(ForkFailed, raw(std::uint64_t{1}) + text("no"))); }},
    {"copied", [] { send(message(Copied, text("/etc/passwd") + text("x"))); }},
    {"order", [] { send(message(Drain, std::string(10, '\0'))); }},
    {"descriptors", [] { send_often(1000, message(Well), many(0)); }},
    {"own_channel",
     [] { send(message(Left, raw(std::uint16_t{0}) + raw(1)), many(channel_of_process())); }},
    {"epolls", [] { send_often(1000, message(Well), many(::epoll_create1(0))); }},
    {"flood", [] { send_often(10'000'000, message(Well)); }},
    {"failing",
     [] { send_often(10'000'000, message(Failed, text(std::string(8000, 'x')) + '\0')); }},
    {"linger", send_lingering},
    // What is no harm, and is not believed.
    {"ready_again", [] { send_often(1000, message(Ready)); }},
    {"took", [] { send_often(1000, message(Took)); }},
    {"awaits", [] { send_often(1000, message(Awaits)); }},
    {"left", [] { send_often(1000, left(false), {sealed_memory()}); }},
    {"left_copy", [] { send_often(1000, left(true), {sealed_memory()}); }},
    {"worn_out", [] { send_often(1000, message(Worn, text("it"))); }},
    {"leaving", [] { send_often(1000, message(Leaving, raw(UINT64_MAX))); }},
    {"scoreboard", scribble_on_scoreboard},
    {"chatter", chatter},
    {"close", [] { ::close(channel_of_process()); }},
    {"close_all", close_all},
};

// In the zygote, which the master has asked for nothing yet.
[[maybe_unused]] const std::map<std::string, std::function<void()>> zygotes_attacks = {
    {"names_the_master", [] { name_as_forked(1, ::getppid(), ::getppid()); }},
    {"names_process_1", [] { name_as_forked(1, 1, 1); }},
    {"names_a_stranger", [] { name_as_forked(1, victim(), victim()); }},
    {"names_another_than_it_has", [] { name_as_forked(1, ::getpid(), victim()); }},
    {"names_itself", [] { name_as_forked(1, ::getpid(), ::getpid()); }},
    {"names_nobody", [] { send(message(Forked, raw(std::uint64_t{1}) + raw(1))); }},
    {"has_no_pidfd", [] { send(message(Forked, raw(std::uint64_t{1}) + raw(1)), {0}); }},
    {"copies_again", [] { send(message(Copied, text("/etc/passwd") + text("x"))); }},
    {"speaks_for_a_worker", [] { send(message(Ready)); }},
    {"floods", [] { send_often(10'000'000, message(Loaded, text("v"))); }},
    {"sends_garbage", [] { send("gibberish"); }},
    {"sends_descriptors", [] { send_often(1000, message(Loaded, text("v")), many(0)); }},
};

class Hostile : public http::Service {
 public:
  Hostile() {
#ifdef HOSTILE_ZYGOTE
    zygotes_attacks.at(HOSTILE_ZYGOTE)();
    live_on();
#endif
  }
  http::Response handle(const http::Request& request) override {
    if (request.path() == "/attack") {
      attacks.at(std::string(request.query()))();
      live_on();
    }
    if (request.path() == "/attack-and-go-on") attacks.at(std::string(request.query()))();
    return std::move(http::text("hostile\n").header("X-Pid", std::to_string(::getpid())));
  }
};

}  // namespace

HUPD_APP(Hostile, "hostile")
