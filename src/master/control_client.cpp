#include "master/control_client.hpp"

#include "control/codec.hpp"
#include "os/local_stream.hpp"
#include "os/pipe.hpp"

namespace hupd::master {

namespace {

constexpr std::size_t read_at_a_time = 16UL * 1024;
// What is on its way to a client that does not read: all events of some hundred reloads.
constexpr std::size_t most_unread = 1024UL * 1024;

}  // namespace

ControlClient::ControlClient(uv_loop_t* loop, Vault& vault, os::Fd fd, OnLine on_line,
                             Limits limits)
    : ControlClient(loop, vault, vault.new_key(), std::move(fd), std::move(on_line), limits) {
  idle_.start(limits_.silence_ms);
  watch();
}

ControlClient::ControlClient(uv_loop_t* loop, Vault& vault, const image::Client& image, os::Fd fd,
                             OnLine on_line, Limits limits)
    : ControlClient(loop, vault, image.key, std::move(fd), std::move(on_line), limits) {
  lines_.add(image.in.bytes);
  out_ = image.out.bytes;
  open_ = image.open;
  ending_ = image.ending;
  set_expecting(image.expecting);
}

ControlClient::ControlClient(uv_loop_t* loop, Vault& vault, image::Key key, os::Fd fd,
                             OnLine on_line, Limits limits)
    : vault_(vault),
      key_(key),
      fd_(std::move(fd)),
      on_line_(std::move(on_line)),
      limits_(limits),
      lines_(control::longest_request),
      poll_(loop, fd_.get(), [this] { on_ready(); }),
      next_line_(loop, [this] { handle_line(); }),
      idle_(loop, [this] { look(); }) {
  vault_.keep("client", key_, fd_.get());
}

image::Client ControlClient::image() const {
  image::Client image;
  image.key = key_;
  image.open = open_;
  image.expecting = expecting_;
  image.ending = ending_;
  image.in = {std::string(lines_.rest())};
  image.out = {out_};
  return image;
}

bool ControlClient::has_gone() const { return os::has_hung_up(fd_.get()); }

void ControlClient::send(const std::string& lines) {
  if (over_) return;
  if (!out_.empty() && out_.size() + lines.size() > most_unread) {
    over_ = true;
    return watch();
  }
  out_ += lines;
  flush();
}

void ControlClient::end_after_sending() {
  ending_ = true;
  flush();
}

void ControlClient::set_expecting(bool expecting) {
  expecting_ = expecting;
  if (expecting) {
    idle_.start(limits_.look_ms, limits_.look_ms);
  } else {
    idle_.start(limits_.silence_ms);
  }
  watch();
}

void ControlClient::on_ready() {
  if (!out_.empty()) flush();
  if (!over_ && out_.empty()) read();
}

void ControlClient::read() {
  if (!open_ || ending_ || lines_.has_next()) return;
  std::string bytes;
  open_ = os::read_available(fd_.get(), bytes, read_at_a_time);
  lines_.add(bytes);
  handle_line();
}

void ControlClient::handle_line() {
  if (over_ || ending_ || !out_.empty()) return;
  if (lines_.is_too_long()) {
    send(control::to_line(control::Error{control::Problem::Request, "the line is too long"}));
    return end_after_sending();
  }
  if (const auto line = lines_.next()) {
    idle_.start(limits_.silence_ms);
    handling_ = true;
    on_line_(*line);
    handling_ = false;
    if (expecting_) idle_.start(limits_.look_ms, limits_.look_ms);
  }
  watch();
}

void ControlClient::flush() {
  const auto sent = os::send_now(fd_.get(), out_);
  if (sent) {
    out_.erase(0, *sent);
  } else {
    over_ = true;
  }
  watch();
}

// What is waited for, after whatever has changed.
void ControlClient::watch() {
  const bool has_line = out_.empty() && !ending_ && (lines_.has_next() || lines_.is_too_long());
  // A side that is closed after the last request, as by `nc -N`, is no end while there is an answer
  // to come.
  const bool is_done =
      out_.empty() && !has_line && !handling_ && (ending_ || (!open_ && !expecting_));
  over_ = over_ || is_done;
  if (over_) return poll_.wait_for(false, false);
  if (has_line) next_line_.start(0);
  poll_.wait_for(open_ && !ending_ && !has_line && out_.empty(), !out_.empty());
}

void ControlClient::look() {
  if (!expecting_ || (!open_ && os::has_hung_up(fd_.get()))) over_ = true;
  watch();
}

}  // namespace hupd::master
