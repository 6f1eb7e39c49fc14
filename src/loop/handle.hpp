// libuv handles as owning types.
//
// libuv keeps a handle until its close callback has run, one turn of the loop after uv_close. So
// the handle lives on the heap and is freed by that callback, while its owner is gone at once: no
// callback of the owner's runs after its destructor. Before a loop is closed it turns once more.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>

#include <uv.h>

namespace hupd::loop {

using Callback = std::function<void()>;

template <typename Uv>
class Handle {
 public:
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  // The loop may end while this handle is all that it has.
  void unref() { uv_unref(base()); }

 protected:
  explicit Handle(Callback callback) : uv_(new Uv), callback_(std::move(callback)) {
    uv_->data = this;
  }
  ~Handle() {
    uv_->data = nullptr;
    uv_close(base(), [](uv_handle_t* closed) { delete reinterpret_cast<Uv*>(closed); });
  }

  Uv* uv() const { return uv_; }
  // A callback may destroy this object: nothing of it is touched afterwards.
  static void call(Uv* uv) {
    if (auto* self = static_cast<Handle*>(uv->data)) {
      const Callback callback = self->callback_;
      callback();
    }
  }

 private:
  uv_handle_t* base() const { return reinterpret_cast<uv_handle_t*>(uv_); }

  Uv* uv_;
  Callback callback_;
};

// Calls back while `fd` can be read from (or its peer is gone). The descriptor, which libuv makes
// non-blocking, stays the caller's, who closes it after this object.
class Readable : public Handle<uv_poll_t> {
 public:
  Readable(uv_loop_t* loop, int fd, Callback callback) : Handle(std::move(callback)) {
    uv_poll_init(loop, uv(), fd);
    start();
  }
  ~Readable() { stop(); }  // out of epoll before the descriptor may be closed
  void start() {
    uv_poll_start(uv(), UV_READABLE, [](uv_poll_t* handle, int, int) { call(handle); });
  }
  void stop() { uv_poll_stop(uv()); }
};

// Calls back while `fd` can be written to, between start() and stop(). The descriptor is as above.
class Writable : public Handle<uv_poll_t> {
 public:
  Writable(uv_loop_t* loop, int fd, Callback callback) : Handle(std::move(callback)) {
    uv_poll_init(loop, uv(), fd);
  }
  ~Writable() { stop(); }
  void start() {
    uv_poll_start(uv(), UV_WRITABLE, [](uv_poll_t* handle, int, int) { call(handle); });
  }
  void stop() { uv_poll_stop(uv()); }
};

// Calls back while `fd` can be read from, or written to, as far as that is asked for; a descriptor
// can have one handle only. The descriptor is as above.
class ReadableOrWritable : public Handle<uv_poll_t> {
 public:
  ReadableOrWritable(uv_loop_t* loop, int fd, Callback callback) : Handle(std::move(callback)) {
    uv_poll_init(loop, uv(), fd);
  }
  ~ReadableOrWritable() { uv_poll_stop(uv()); }
  void wait_for(bool reading, bool writing) {
    const int events = (reading ? UV_READABLE : 0) | (writing ? UV_WRITABLE : 0);
    if (events == 0) {
      uv_poll_stop(uv());
    } else {
      uv_poll_start(uv(), events, [](uv_poll_t* handle, int, int) { call(handle); });
    }
  }
};

class Timer : public Handle<uv_timer_t> {
 public:
  Timer(uv_loop_t* loop, Callback callback) : Handle(std::move(callback)) {
    uv_timer_init(loop, uv());
  }
  // Milliseconds from the loop's now; `repeat_ms` 0: once.
  void start(std::uint64_t after_ms, std::uint64_t repeat_ms = 0) {
    uv_timer_start(uv(), &Timer::call, after_ms, repeat_ms);
  }
  void stop() { uv_timer_stop(uv()); }
  bool is_running() const { return uv_is_active(reinterpret_cast<uv_handle_t*>(uv())) != 0; }
};

// Calls back each time before the loop waits for events.
class BeforeWait : public Handle<uv_prepare_t> {
 public:
  BeforeWait(uv_loop_t* loop, Callback callback) : Handle(std::move(callback)) {
    uv_prepare_init(loop, uv());
    uv_prepare_start(uv(), &BeforeWait::call);
  }
};

// Between start() and stop(): calls back in every turn of the loop, which does not wait meanwhile.
class EveryTurn : public Handle<uv_idle_t> {
 public:
  EveryTurn(uv_loop_t* loop, Callback callback) : Handle(std::move(callback)) {
    uv_idle_init(loop, uv());
  }
  void start() { uv_idle_start(uv(), &EveryTurn::call); }
  void stop() { uv_idle_stop(uv()); }
};

class Signal : public Handle<uv_signal_t> {
 public:
  Signal(uv_loop_t* loop, int number, Callback callback) : Handle(std::move(callback)) {
    uv_signal_init(loop, uv());
    uv_signal_start(uv(), &on_signal, number);
  }

 private:
  static void on_signal(uv_signal_t* handle, int) { call(handle); }
};

}  // namespace hupd::loop
