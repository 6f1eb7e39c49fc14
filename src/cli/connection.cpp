#include "cli/connection.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <thread>

#include "cli/exit_codes.hpp"
#include "os/control_place.hpp"
#include "os/local_stream.hpp"
#include "os/pipe.hpp"
#include "os/proc_entry.hpp"

namespace hupd::cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds a_moment(500);
constexpr milliseconds a_while(10'000);
// As long as a request waits whose answer is in the master's memory (`usual_timeout`).
constexpr milliseconds soon(10'000);

tl::unexpected<Failure> failure(int exit_code, std::string text) {
  return tl::unexpected(Failure{exit_code, std::move(text)});
}

milliseconds left_until(const Deadline& deadline) {
  if (!deadline) return a_while;
  const auto left = std::chrono::ceil<milliseconds>(*deadline - Clock::now());
  return std::clamp(left, milliseconds(0), a_while);
}

// The socket of a master that died is kept for the next one: who asks there would wait for that.
bool is_dead(int fd) {
  const auto peer = os::peer_credentials(fd);
  return peer && peer->pid != 0 && os::is_dead(peer->pid);  // 0: in another pid namespace
}

tl::unexpected<Failure> nobody_leads() {
  return failure(exit_no_master,
                 "the master has died, and none goes on yet: start it again; its workers serve "
                 "meanwhile, as long as master.orphan_timeout allows");
}

bool is_past(const Deadline& deadline) { return deadline && Clock::now() >= *deadline; }

tl::unexpected<Failure> unreachable(const os::Error& error) {
  const bool forbidden = error.code == EACCES || error.code == EPERM;
  return failure(forbidden ? exit_no_permission : exit_no_master,
                 error.text + (forbidden ? "" : " (no hupd runs there; --control names another)"));
}

// Somebody else's program, in a place where anybody can put one, could say that a deploy went well.
// In a directory that is not everybody's, whoever answers was let in by who the directory is of: a
// master of another user, who may well be asked by root and by its control group.
bool is_believed(const std::string& path, int fd) {
  const auto peer = os::peer_credentials(fd);
  if (!peer) return false;
  return peer->uid == 0 || peer->uid == os::own_uid() || !os::is_anybodys_place(path);
}

}  // namespace

Connection::Connection(std::string path, os::Fd fd)
    : path_(std::move(path)), fd_(std::move(fd)), lines_(SIZE_MAX) {}

// While as many wait to be accepted as may, one more cannot even wait.
Asked<Connection> Connection::open(const std::string& path, const Deadline& deadline) {
  for (;;) {
    auto fd = os::connect_local(path);
    if (fd && is_dead(fd->get())) return nobody_leads();
    if (fd && is_believed(path, fd->get())) return Connection(path, std::move(*fd));
    if (fd) {
      return failure(exit_no_permission, path +
                                             " is another user's, in a directory where anybody "
                                             "can write: not believed");
    }
    if (fd.error().code != EAGAIN) return unreachable(fd.error());
    if (is_past(deadline)) return failure(exit_timed_out, "timed out: " + fd.error().text);
    std::this_thread::sleep_for(milliseconds(20));
  }
}

Asked<void> Connection::wait(bool writing, const Deadline& deadline) const {
  auto quiet_since = Clock::now();
  while (!os::wait_for_stream(fd_.get(), writing, std::min(left_until(deadline), a_moment))) {
    if (is_past(deadline)) return failure(exit_timed_out, "timed out");
    if (is_dead(fd_.get())) return nobody_leads();
    if (deadline || Clock::now() - quiet_since < a_while) continue;
    if (!answers_others()) {
      return failure(exit_no_master,
                     "the master at " + path_ + " answers nobody any more: it hangs, or is halted");
    }
    quiet_since = Clock::now();
  }
  return {};
}

// A quiet master may be waiting for an application; one that hangs would be waited for without end.
// Any answer will do, also that there is none to be had: then this connection ends, and says so.
bool Connection::answers_others() const {
  const Deadline deadline = Clock::now() + soon;
  auto other = open(path_, deadline);
  if (!other) return other.error().exit_code != exit_timed_out;
  if (!other->send(control::Request{}, deadline)) return false;
  const auto answer = other->next(deadline);
  return answer || answer.error().exit_code != exit_timed_out;
}

// Who is refused may be cut off before it has said what it wants: the reason is read all the same.
Asked<void> Connection::send(const control::Request& request, const Deadline& deadline) {
  const std::string line = control::to_line(request);
  for (std::size_t done = 0; done < line.size();) {
    const auto sent = os::send_now(fd_.get(), std::string_view(line).substr(done));
    if (!sent) return {};
    done += *sent;
    if (done == line.size()) break;
    if (auto ready = wait(true, deadline); !ready) return ready;
  }
  return {};
}

Asked<void> Connection::receive(const Deadline& deadline) {
  if (auto ready = wait(false, deadline); !ready) return ready;
  std::string bytes;
  constexpr std::size_t at_a_time = 1024UL * 1024;
  ended_ = !os::read_available(fd_.get(), bytes, at_a_time);
  lines_.add(bytes);
  return {};
}

Asked<control::Reply> Connection::next(const Deadline& deadline) {
  for (;;) {
    if (const auto line = lines_.next()) {
      auto reply = control::parse_reply(*line);
      if (reply) return std::move(*reply);
      return failure(exit_no_master, path_ + " is no hupd of this version: " + reply.error());
    }
    if (ended_) return failure(exit_no_master, "the master at " + path_ + " has gone away");
    if (auto more = receive(deadline); !more) return tl::unexpected(more.error());
  }
}

Asked<void> Connection::wait_for_end(const Deadline& deadline) {
  while (!ended_) {
    if (auto more = receive(deadline); !more) return more;
    while (lines_.next()) continue;
  }
  return {};
}

}  // namespace hupd::cli
