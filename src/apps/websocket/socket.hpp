// A WebSocket as an application sees it: messages in, messages out. Pings, the closing handshake
// and faults of the client's are answered here.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <hupd/connection/protocol.hpp>

#include "frame.hpp"
#include "reader.hpp"

namespace websocket {

class Socket : public hupd::Protocol {
 public:
  Socket(hupd::Connection with, std::size_t longest_message)
      : Protocol(with), reader_(longest_message) {}

  std::size_t data(std::string_view bytes) final {
    std::string_view rest = bytes;
    // A client that does not listen is not listened to: the rest comes again, after writable().
    while (!full_ && !over_ && take(rest)) {
    }
    return bytes.size() - rest.size();
  }

  void writable() final {
    full_ = false;
    connection.resume();
  }

  void draining() final { close(Code::GoingAway, "the server goes away"); }

 protected:
  virtual void message(Message message) = 0;

  void send(const Message& message) {
    write(frame_of(message.is_text ? Opcode::Text : Opcode::Binary, message.payload));
  }
  void close(Code code, std::string_view reason) { end(close_frame(code, reason)); }

  // Where it stands in what the client says, for move() and for the next worker.
  std::string position() const { return reader_.save(); }
  bool go_on_from(const std::string& position) { return reader_.restore(position); }

 private:
  // False: there is no more to take.
  bool take(std::string_view& rest) {
    switch (reader_.next(rest)) {
      case Reader::Event::More:
        return false;
      case Reader::Event::Message:
        message(reader_.take_message());
        break;
      case Reader::Event::Ping:
        write(frame_of(Opcode::Pong, reader_.payload()));
        break;
      case Reader::Event::Pong:
        break;
      case Reader::Event::Close:  // the answer has the client's code and reason
        end(frame_of(Opcode::Close, reader_.payload()));
        break;
      case Reader::Event::Bad:
        close(reader_.fault().code, reader_.fault().why);
        break;
    }
    return true;
  }

  void write(const std::string& frame) {
    if (over_ || connection.write(frame) != hupd::Written::Full) return;
    full_ = true;
    connection.pause();
  }

  // The last frame. What the client still sends is read, up to its own Close, and thrown away.
  void end(const std::string& frame) {
    write(frame);
    over_ = true;
    connection.finish();
  }

  Reader reader_;
  bool full_ = false;  // see writable()
  bool over_ = false;
};

}  // namespace websocket
