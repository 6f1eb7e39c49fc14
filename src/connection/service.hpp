// The connections of one worker and the application that serves them: what the worker layer sees.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include <uv.h>

#include <hupd/app.h>

#include "config/settings.hpp"
#include "connection/counters.hpp"
#include "handover/successors.hpp"
#include "os/fd.hpp"
#include "os/peer.hpp"

namespace hupd::connection {

// What a service is made of. All of it outlives the service.
struct Worker {
  uv_loop_t* loop;
  const hupd_app& table;
  void* app;            // as its create() returned it
  hupd_worker* handle;  // for the application; nothing is done with it here
  const config::App& settings;
  const hupd_host& host;  // its `log` is called
  Counters& counters;
};

// The process ignores SIGPIPE. Destroy it when open() is 0, not from within a callback, and let the
// loop turn once more.
class Service {
 public:
  virtual ~Service() = default;

  // A connection was accepted by `listener`.
  virtual void accept(os::Fd fd, os::Peer peer, std::string_view listener) = 0;
  // Whether a connection that lived in another worker, and what it left, can be of use here.
  virtual bool speaks(handover::Protocol protocol) const = 0;
  // One that lived in another worker. What this application cannot go on with is ended politely.
  virtual void adopt(handover::Parcel parcel, os::Fd fd) = 0;

  // The same without asking the application: it is ended, politely, unless it needs none.
  virtual void turn_away(handover::Parcel parcel, os::Fd fd) = 0;

  // Nothing more is accepted; connections finish what they have in hand, politely.
  virtual void drain() = 0;

  // Instead of drain(), or before it: see Hub.
  virtual void hand_over(handover::Successors& successors) = 0;
  virtual void go_on_handing_over() = 0;
  virtual void stop_handing_over() = 0;
  virtual std::size_t hand_over_some(handover::Successors& successors, std::size_t most) = 0;

  // After drain(), when the service itself ends: a connection at rest is not waited for any more.
  virtual void release_idle() = 0;

  // The end: closes everything at once. Returns how many connections had something in hand and were
  // cut; idle ones are closed without a loss.
  virtual std::size_t quit() = 0;

  virtual std::size_t open() const = 0;
  // Called from the loop whenever the last open connection has closed.
  virtual void on_empty(std::function<void()> callback) = 0;
};

// For an application of the connection height.
std::unique_ptr<Service> make_service(const Worker& worker);

// Sets the connection_* functions and state_append.
void fill(hupd_host& host);

}  // namespace hupd::connection
