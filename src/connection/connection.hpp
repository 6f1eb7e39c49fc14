// One accepted connection: bounded reading, queued writing with back-pressure, a polite end.
//
//   Open      bytes go both ways
//   Flushing  finish() was called: what is queued is written, what arrives is thrown away
//   Lingering everything is written and the peer has been told so (FIN); its bytes are read and
//             thrown away until it closes too. Closing with unread bytes would send a reset, which
//             can destroy the last answer on its way.
//   Closing   libuv is closing the handle; `on_closed` follows, or `on_moved` when another worker
//             has the connection
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <uv.h>

#include "connection/deadlines.hpp"
#include "connection/handler.hpp"
#include "connection/hub.hpp"
#include "connection/list.hpp"
#include "connection/unread.hpp"
#include "connection/write_queue.hpp"
#include "handover/successors.hpp"
#include "os/fd.hpp"
#include "os/peer.hpp"

namespace hupd::connection {

// Whether the peer knows that the connection ends.
enum class Parting { Abrupt, Agreed };

enum class Written { Taken, Full, Gone };

// What the configuration says of every connection of an app. Outlives the connections.
struct Policy {
  std::size_t unread_limit;                 // reading stops while so many bytes are unread
  std::size_t write_high_mark;              // from here writers are told Full; the low mark is half
  std::chrono::milliseconds write_timeout;  // no progress in sending; 0: never
  std::chrono::milliseconds linger_timeout;
};

// Whether one that cannot move is told to drain.
enum class Leave { Must, May };

// A connection that comes to this worker.
struct Incoming {
  os::Fd fd;
  os::Peer peer;
  std::string_view listener;  // that accepted it, as configured
  std::string_view unread;    // bytes that were read from it before, elsewhere
};

class Connection : public Hook<Registered>, public Hook<Woken>, public Hook<Departing> {
 public:
  // Nothing is delivered before the loop runs.
  Connection(Hub& hub, const Policy& policy, Handler& handler, Incoming incoming);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() = default;  // only from on_closed()

  Written write(std::string_view bytes) { return write(std::span(&bytes, 1)); }
  Written write(std::span<const std::string_view> pieces);
  // To Flushing. With Parting::Agreed the peer has said that it sends no more: when that is so,
  // there is nothing to linger for.
  void finish(Parting parting = Parting::Abrupt);
  void abort();  // to Closing; unsent bytes are lost
  void pause();  // no more on_data until resume()
  void resume();
  void wake() { hub_.wake(*this); }              // have on_data called soon
  void may_depart() { hub_.may_depart(*this); }  // after Moving::Later

  // One wait of the handler's; it is cancelled when the connection is no longer Open.
  Deadline& deadline() { return deadline_; }

  Hub& hub() const { return hub_; }
  const std::string& peer();
  const std::string& listener() const { return listener_; }
  bool is_open() const { return phase_ == Phase::Open; }
  // No more requests are to be begun on it here: it ends, or it goes to another worker.
  bool is_draining() const { return told_drain_ || hub_.draining(); }
  bool departs() const { return !told_drain_ && hub_.can_hand_over(); }
  bool is_paused() const { return reading_ == Reading::Paused; }
  bool has_queued_writes() const { return !queue_.empty(); }
  bool peer_ended() const { return peer_ended_; }
  bool has_unread() const { return !unread_.empty(); }  // not within on_data()
  bool more_to_read() const;                            // bytes wait in the kernel

  // For the hub.
  void run();
  bool is_busy() const;
  void release_idle() {
    if (phase_ == Phase::Open) handler_.on_release();
  }
  void drain();  // tells the handler, once
  // To the workers that take over: what is to be sent when it is at rest. Nothing has happened yet.
  // Otherwise it stays for now and says when it may go, or it was told to drain.
  std::optional<handover::Outgoing> pack(Leave leave);
  void left();                // they have it: here it closes without a word to the peer
  void refused(Leave leave);  // by the queue, for good
  // In the worker that has it now: what of it is neither the handler's nor the peer's.
  void go_on_from(const handover::Parcel& parcel);

  // The same within the worker, to become a connection with another handler: what that is made of.
  // `own` is a copy of the descriptor, which whoever calls this made while it could still fail.
  os::Result<os::Fd> copy_descriptor() const { return os::duplicate(fd_); }
  Incoming pass_on(os::Fd own, std::string_view unread);

 private:
  enum class Phase { Open, Flushing, Lingering, Closing };
  enum class Reading { On, Paused, Full };

  void watch(Reading reading);
  void read(ssize_t count, const char* base);
  void deliver(std::string_view bytes);
  void send_front();
  void sent(int status);
  void write_stalled();
  void limit_stall();
  void half_close();
  void timed_out();

  uv_stream_t* stream() { return reinterpret_cast<uv_stream_t*>(&handle_); }

  union {
    uv_tcp_t tcp;
    uv_pipe_t pipe;
  } handle_;
  uv_write_t write_request_;
  Hub& hub_;
  const Policy& policy_;
  Handler& handler_;
  Unread unread_;
  WriteQueue queue_;
  Deadline deadline_;        // the handler's, then lingering
  Deadline write_deadline_;  // set while the queue is not empty
  std::size_t queued_at_check_ = 0;
  Phase phase_ = Phase::Open;
  Reading reading_ = Reading::On;
  Parting parting_ = Parting::Abrupt;
  bool peer_ended_ = false;
  bool told_full_ = false;
  bool told_drain_ = false;
  bool moved_ = false;
  bool passed_on_ = false;  // moved, but not out of the worker
  os::Peer peer_;
  std::string peer_text_;
  const std::string& listener_;  // the hub's
  int fd_ = -1;                  // the handle's
};

}  // namespace hupd::connection
