#include "master/control_socket.hpp"

#include <filesystem>
#include <utility>

#include "log/logger.hpp"
#include "os/control_place.hpp"
#include "os/files.hpp"
#include "os/local_stream.hpp"
#include "os/packet_socket.hpp"
#include "os/proc_entry.hpp"

namespace hupd::master {

namespace {

constexpr std::uint32_t backlog = 128;

os::Result<os::Fd> listen(const config::Control& settings, const std::string& path) {
  const auto made = os::make_directories(std::filesystem::path(path).parent_path().string());
  if (!made) return tl::unexpected(made.error());
  const std::uint32_t mode = settings.mode.value_or(settings.group.empty() ? 0600 : 0660);
  return os::listen_unix("unix:" + path, {path, mode, settings.owner, settings.group}, backlog);
}

// A master's socket goes on after its death, as long as somebody keeps it.
std::string whose(const std::string& path) {
  const auto fd = os::connect_local(path);
  if (!fd) return {};
  const auto peer = os::peer_credentials(fd->get());
  if (!peer || peer->pid == 0 || !os::is_dead(peer->pid)) return {};
  return "; it is that of a master that has died (process " + std::to_string(peer->pid) +
         "), kept by a 'hupd: keeper', which cannot be asked: end that one (TERM) to begin anew, "
         "or "
         "wait for orphan_timeout";
}

}  // namespace

os::Result<ControlSocket> ControlSocket::open(const config::Control& settings) {
  const bool is_usual = settings.path.empty();
  const std::string path = is_usual ? os::usual_control_path() : settings.path;
  if (path.empty()) {
    log::write(log::Level::Info, {},
               "no control socket: there is no usual place for one (set master.control)");
    return ControlSocket();
  }
  auto fd = listen(settings, path);
  if (fd) {
    log::write(log::Level::Info, {}, "control socket " + path);
    return ControlSocket(path, std::move(*fd));
  }
  if (!is_usual) return os::refused("control socket: " + fd.error().text + whose(path));
  log::write(log::Level::Warning, {},
             "no control socket: " + fd.error().text +
                 "; give this hupd one of its own (master.control), or hupd reload and the like "
                 "do not reach it");
  return ControlSocket();
}

ControlSocket ControlSocket::take_up(const image::Master& image, os::Fd fd) {
  ControlSocket socket;
  socket.fd_ = std::move(fd);
  if (socket.fd_) os::listen_as_this_process(socket.fd_.get());  // who asks sees who is to answer
  socket.path_ = image.control_path;
  if (const auto& file = image.control_file) socket.identity_ = {file->device, file->inode};
  return socket;
}

ControlSocket::ControlSocket(std::string path, os::Fd fd)
    : fd_(std::move(fd)), path_(std::move(path)), identity_(os::file_at(path_)) {}

ControlSocket::ControlSocket(ControlSocket&& other) noexcept
    : fd_(std::move(other.fd_)),
      path_(std::move(other.path_)),
      identity_(std::exchange(other.identity_, std::nullopt)) {}

ControlSocket& ControlSocket::operator=(ControlSocket&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(path_, other.path_);
  std::swap(identity_, other.identity_);
  return *this;
}

ControlSocket::~ControlSocket() {
  if (identity_) os::remove_socket_file(path_, *identity_);
}

}  // namespace hupd::master
