// Connections that move, well or badly as the settings say. A client's line is a command; each is
// answered by "NAME COUNT VERSION PID", where COUNT says how many lines were answered so far: one
// that is lost or answered twice shows.
//
//   call NAME         who this is from now on
//   hold, release     does not move meanwhile
//   throw KIND INODE  sends what is no parcel on the socket with this inode
//   anything else     nothing
//
// settings.adopt: "refuse", "slow" (20 ms each), "crash" (at the one named settings.victim; "all":
// at any) settings.state_size: bytes that a state has on top of what it needs
#include <array>
#include <cstring>
#include <sstream>
#include <string>

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <hupd/connection.hpp>

namespace {

int socket_of(ino_t inode) {
  DIR* directory = ::opendir("/proc/self/fd");
  int found = -1;
  while (const dirent* entry = ::readdir(directory)) {
    struct stat status = {};
    const int fd = ::atoi(entry->d_name);
    if (::fstat(fd, &status) == 0 && status.st_ino == inode) found = fd;
  }
  ::closedir(directory);
  return found;
}

void send_with_descriptor(int queue, const std::string& bytes, int fd) {
  iovec data{const_cast<char*>(bytes.data()), bytes.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof fd)> control{};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* c = CMSG_FIRSTHDR(&message);
  c->cmsg_level = SOL_SOCKET;
  c->cmsg_type = SCM_RIGHTS;
  c->cmsg_len = CMSG_LEN(sizeof fd);
  std::memcpy(CMSG_DATA(c), &fd, sizeof fd);
  ::sendmsg(queue, &message, MSG_NOSIGNAL);
}

// The first fields of src/handover/codec.cpp's header; nothing of what they announce follows.
std::string header(std::uint16_t version) {
  std::string bytes(48, '\0');
  const std::uint16_t size = 48;
  const std::uint32_t protocol = 2;
  std::memcpy(bytes.data(), "hupd", 4);
  std::memcpy(bytes.data() + 4, &version, sizeof version);
  std::memcpy(bytes.data() + 6, &size, sizeof size);
  std::memcpy(bytes.data() + 8, &protocol, sizeof protocol);
  return bytes;
}

void throw_at(int queue, const std::string& kind) {
  const int file = ::memfd_create("no connection", MFD_CLOEXEC);
  const std::string noise(1000, '?');
  if (kind == "nothing") ::send(queue, "", 0, MSG_NOSIGNAL);
  if (kind == "noise") ::send(queue, noise.data(), noise.size(), MSG_NOSIGNAL);
  if (kind == "noise_with_a_file") send_with_descriptor(queue, noise, file);
  if (kind == "another_version") send_with_descriptor(queue, header(99), file);
  if (kind == "half_a_header") send_with_descriptor(queue, header(2).substr(0, 20), file);
  if (kind == "a_parcel_with_a_file") send_with_descriptor(queue, header(2), file);
  ::close(file);
}

class Mover : public hupd::Protocol {
 public:
  Mover(hupd::Connection with, std::string name, unsigned count)
      : Protocol(with), name_(std::move(name)), count_(count) {}

  std::size_t data(std::string_view bytes) override {
    std::size_t used = 0;
    for (auto end = bytes.find('\n'); end != bytes.npos; end = bytes.find('\n', used)) {
      obey(std::string(bytes.substr(used, end - used)));
      used = end + 1;
    }
    return used;
  }
  void draining() override {
    connection.write("goodbye\n");
    connection.finish();
  }
  hupd::Move move() override {
    if (held_) return hupd::Move::not_now();
    const auto more = settings().get<std::size_t>("state_size");
    return hupd::Move::now(1, name_ + " " + std::to_string(count_) + " " + std::string(more, '.'));
  }

 private:
  static hupd::Settings settings() { return hupd::settings(); }

  void obey(const std::string& line) {
    std::istringstream words(line);
    std::string command, word;
    words >> command;
    if (command == "call") words >> name_;
    if (command == "hold") held_ = true;
    if (command == "release") held_ = false;
    if (command == "throw") {
      ino_t inode = 0;
      words >> word >> inode;
      throw_at(socket_of(inode), word);
    }
    connection.write(name_ + " " + std::to_string(++count_) + " " MOVER_VERSION " " +
                     std::to_string(::getpid()) + "\n");
  }

  std::string name_;
  unsigned count_ = 0;
  bool held_ = false;
};

class Service : public hupd::ConnectionService {
 public:
  std::unique_ptr<hupd::Protocol> open(hupd::Connection connection) override {
    return std::make_unique<Mover>(connection, "nobody", 0);
  }

  std::unique_ptr<hupd::Protocol> adopt(hupd::Connection connection, hupd::State state) override {
    std::istringstream words{std::string(state.bytes)};
    std::string name;
    unsigned count = 0;
    words >> name >> count;
    const auto how = settings().get<std::string>("adopt");
    hupd::info("adopting " + name);
    if (how == "refuse") return nullptr;
    if (how == "slow") ::usleep(20'000);
    const auto victim = settings().get<std::string>("victim");
    if (how == "crash" && (victim == "all" || victim == name)) ::raise(SIGSEGV);
    return std::make_unique<Mover>(connection, name, count);
  }

  void refused(hupd::Connection connection) override { connection.write("refused\n"); }
};

}  // namespace

HUPD_APP(Service)
