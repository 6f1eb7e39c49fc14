// Who uses a connection: a protocol of the host's, or the application.
#pragma once

#include <cstddef>
#include <string_view>

#include "handover/parcel.hpp"

namespace hupd::connection {

// Whether a connection may go to another worker.
enum class Moving {
  Now,
  Later,  // something is in hand here: asked again after the next event of the connection
  Never   // on_drain() follows
};

// All are called from the loop, never from within a function of Connection.
class Handler {
 public:
  // `bytes` is all that is unread. Returns how many were used; the rest comes again. Also called
  // after wake(), perhaps with nothing new, and never while paused.
  virtual std::size_t on_data(std::string_view bytes) = 0;
  virtual void on_end() = 0;         // the peer will send no more
  virtual void on_flushed() = 0;     // the write queue, not empty before, is empty
  virtual void on_writable() = 0;    // after Written::Full: below the low mark again
  virtual void on_drain() = 0;       // the worker is draining
  virtual void on_release() {}       // and nobody waits for connections at rest
  virtual void on_timeout() = 0;     // the deadline() was reached
  virtual void on_progress() = 0;    // bytes were read or written
  virtual void on_closed() = 0;      // the last call: destroy the connection here
  virtual bool is_busy() const = 0;  // it would be missed: something is in hand
  // The worker retires and others serve. With Now: what they need beyond bytes and addresses is in
  // `parcel`. Without effect here; it may be asked again, and the connection goes on until then.
  virtual Moving on_move(handover::Parcel& parcel) = 0;
  // It was too large to go now, and will not be when what is in hand is done.
  virtual bool will_be_lighter() const { return false; }
  virtual void on_moved() = 0;  // instead of on_closed: another worker has it

 protected:
  ~Handler() = default;
};

}  // namespace hupd::connection
