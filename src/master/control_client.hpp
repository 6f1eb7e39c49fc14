// One connection of a control client: lines in, lines out, and nothing that it does or leaves
// undone makes the master wait or grow.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "control/lines.hpp"
#include "loop/handle.hpp"
#include "master/vault.hpp"
#include "os/fd.hpp"

namespace hupd::master {

class ControlClient {
 public:
  using OnLine = std::function<void(const std::string&)>;
  struct Limits {
    std::uint64_t silence_ms = 60'000;  // of who expects nothing
    std::uint64_t look_ms = 1'000;      // how often it is seen whether who expects something lives
  };

  // `on_line` is called for one line at a time, the next one when all that was sent has left, and
  // may not destroy the client.
  // `vault` outlives it.
  ControlClient(uv_loop_t* loop, Vault& vault, os::Fd fd, OnLine on_line, Limits limits);
  // Goes on with that of another master.
  ControlClient(uv_loop_t* loop, Vault& vault, const image::Client& image, os::Fd fd,
                OnLine on_line, Limits limits);
  ~ControlClient() { vault_.drop("client", key_); }
  ControlClient(const ControlClient&) = delete;
  ControlClient& operator=(const ControlClient&) = delete;

  image::Client image() const;  // what is its own of it

  // Whole lines. Who does not read what it is sent is cut off.
  void send(const std::string& lines);
  void end_after_sending();
  // Is sent something later on: it may be silent, and closes its side only when it goes.
  void set_expecting(bool expecting);

  // Nobody hears an answer.
  bool has_gone() const;

  // It has ended, or is to be: nothing more happens, destroy it.
  bool is_over() const { return over_; }

 private:
  void on_ready();
  void read();
  void handle_line();
  void flush();
  void watch();
  void look();

  ControlClient(uv_loop_t* loop, Vault& vault, image::Key key, os::Fd fd, OnLine on_line,
                Limits limits);

  Vault& vault_;
  image::Key key_;
  os::Fd fd_;
  OnLine on_line_;
  Limits limits_;
  control::Lines lines_;
  std::string out_;
  bool open_ = true;  // its side: more can come
  bool expecting_ = false;
  bool handling_ = false;  // a line
  bool ending_ = false;
  bool over_ = false;
  loop::ReadableOrWritable poll_;
  loop::Timer next_line_;  // the next line waits for its turn, behind the other clients
  loop::Timer idle_;       // since the last request; while one expects, now and then
};

}  // namespace hupd::master
