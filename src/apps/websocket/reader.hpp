// What a client says, put together from its frames; and where it stands in them, to be written down
// at any byte, since a connection moves to another worker whenever it suits.
//
// That is why this is not libwslay, which Debian has: where wslay stands is its own secret. To go
// on elsewhere it would have to be shown all bytes of the message that has begun once more, which
// would have to be kept beside the message itself, without the pings among them, which would be
// answered twice. What is left to write by hand is little.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "frame.hpp"
#include "utf8.hpp"

namespace websocket {

struct Message {
  bool is_text;
  std::string payload;
};

class Reader {
 public:
  explicit Reader(std::size_t most) : most_(most) {}  // bytes of a message

  enum class Event {
    More,     // everything was used but for the head of a frame, or a control frame, in part
    Message,  // to be taken with take_message()
    Ping,     // these three have `payload()`
    Pong,
    Close,
    Bad  // see `fault()`; nothing may follow
  };
  // Uses up the front of `bytes`, as far as the event reaches.
  Event next(std::string_view& bytes);

  Message take_message();
  const std::string& payload() const { return control_; }
  const Fault& fault() const { return fault_; }

  // Between two events. What was not used of the bytes has to go along.
  std::string save() const;
  bool restore(const std::string& saved);  // false: this is nothing that was saved

 private:
  std::optional<Event> begin_frame(std::string_view& bytes);
  Event take_control(Frame& frame, std::string_view& bytes);
  Event bad(Fault fault);

  std::size_t most_;
  std::optional<Frame> frame_;  // of data, whose payload is not all here
  std::optional<Opcode> kind_;  // of the message that has begun
  std::string message_;         // what is here of it
  Utf8 text_;
  std::string control_;
  Fault fault_{};
};

inline Reader::Event Reader::next(std::string_view& bytes) {
  while (true) {
    if (!frame_) {
      if (const auto event = begin_frame(bytes)) return *event;
    }
    const std::size_t before = message_.size();
    frame_->take_payload(bytes, message_);
    const bool is_text = kind_ == Opcode::Text;
    if (is_text && !text_.take(std::string_view(message_).substr(before))) {
      return bad({Code::InvalidText, "a text that is not UTF-8"});
    }
    if (frame_->size > 0) return Event::More;
    const bool is_last = frame_->is_last;
    frame_.reset();
    if (!is_last) continue;
    if (is_text && !text_.is_whole()) return bad({Code::InvalidText, "a text ends too early"});
    return Event::Message;
  }
}

// Nothing: the frame's payload is next.
inline std::optional<Reader::Event> Reader::begin_frame(std::string_view& bytes) {
  std::string_view rest = bytes;
  auto head = take_head(rest);
  if (std::holds_alternative<Incomplete>(head)) return Event::More;
  if (const auto* fault = std::get_if<Fault>(&head)) return bad(*fault);
  auto& frame = std::get<Frame>(head);
  if (is_control(frame.opcode)) {
    if (rest.size() < frame.size) return Event::More;  // so small that it may come whole
    bytes = rest;
    return take_control(frame, bytes);
  }
  if ((frame.opcode == Opcode::Continuation) != kind_.has_value()) {
    return bad({Code::ProtocolError, kind_ ? "a message within another" : "goes on with nothing"});
  }
  if (message_.size() + frame.size > most_) return bad({Code::TooBig, "a message is too large"});
  bytes = rest;
  if (!kind_) kind_ = frame.opcode;
  frame_ = frame;
  return std::nullopt;
}

inline Reader::Event Reader::take_control(Frame& frame, std::string_view& bytes) {
  control_.clear();
  frame.take_payload(bytes, control_);
  if (frame.opcode == Opcode::Ping) return Event::Ping;
  if (frame.opcode == Opcode::Pong) return Event::Pong;
  if (control_.empty()) return Event::Close;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(control_[at]); };
  const unsigned code = control_.size() < 2 ? 0U : byte(0) * 256U + byte(1);
  const bool is_public = code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
  if (!is_public && (code < 3000 || code > 4999)) {
    return bad({Code::ProtocolError, "a close code that may not be sent"});
  }
  Utf8 reason;
  if (!reason.take(std::string_view(control_).substr(2)) || !reason.is_whole()) {
    return bad({Code::InvalidText, "a reason that is not UTF-8"});
  }
  return Event::Close;
}

inline Message Reader::take_message() {
  Message whole{kind_ == Opcode::Text, std::exchange(message_, {})};
  kind_.reset();
  return whole;
}

inline Reader::Event Reader::bad(Fault fault) {
  fault_ = fault;
  return Event::Bad;
}

// "KIND IN_FRAME IS_LAST SIZE MASK MASK MASK MASK ", then the message as far as it is here.
inline std::string Reader::save() const {
  const Frame frame = frame_.value_or(Frame{});
  std::ostringstream words;
  words << static_cast<unsigned>(kind_.value_or(Opcode::Continuation)) << ' ' << frame_.has_value()
        << ' ' << frame.is_last << ' ' << frame.size << ' ';
  for (const char byte : frame.mask) words << static_cast<int>(byte) << ' ';
  return words.str() + message_;
}

inline bool Reader::restore(const std::string& saved) {
  std::istringstream words(saved);
  unsigned kind = 0;
  bool in_frame = false;
  Frame frame;
  words >> kind >> in_frame >> frame.is_last >> frame.size;
  for (char& byte : frame.mask) {
    int number = 0;
    words >> number;
    byte = static_cast<char>(number);
  }
  if (words.get() != ' ' || !words || kind > 2) return false;
  message_ = saved.substr(static_cast<std::size_t>(words.tellg()));
  if (kind != 0) kind_ = static_cast<Opcode>(kind);
  if (in_frame) frame_ = frame;
  const bool is_nothing = !kind_ && (frame_ || !message_.empty());
  return !is_nothing && (kind_ != Opcode::Text || text_.take(message_));
}

}  // namespace websocket
