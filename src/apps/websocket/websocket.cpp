// A WebSocket that says everything back, and to "count" how much this client has said, over all the
// versions of this program that have served it: the connection lives on while they come and go.
//
//   [app.echo.settings]
//   longest = 4194304               # bytes of a message; more is closed with 1009
//
// What it takes for that is what is written down in move() and read in adopt(): the count, and
// where the reader stands in the client's frames, the message that has half arrived included. Bytes
// that it has not used, part of a frame's head, go along by themselves; and there is nothing to be
// said of what was written, since a connection moves only when all of it has been sent.
//
// What it does not do: extensions (compression), subprotocols, and looking at the Origin, as a
// service with cookies would have to.
#include <cstdint>
#include <memory>
#include <sstream>
#include <string>

#include <hupd/http.hpp>

#include "handshake.hpp"
#include "socket.hpp"

namespace {

constexpr std::uint32_t state_version = 1;

class Counter final : public websocket::Socket {
 public:
  using Socket::Socket;

  bool go_on(hupd::State state) {
    std::istringstream words{std::string(state.bytes)};
    if (state.version != state_version || !(words >> said_) || words.get() != ' ') return false;
    return go_on_from(words.str().substr(static_cast<std::size_t>(words.tellg())));
  }
  hupd::Move move() override {
    return hupd::Move::now(state_version, std::to_string(said_) + ' ' + position());
  }

 private:
  void message(websocket::Message message) override {
    ++said_;
    if (message.is_text && message.payload == "count") {
      message.payload = std::to_string(said_) + " messages, generation " +
                        std::to_string(connection.worker().generation());
    }
    send(message);
  }

  std::uint64_t said_ = 0;
};

class Counters final : public hupd::http::Service {
 public:
  void serve(const hupd::http::Request& request, hupd::http::Exchange& exchange) override {
    const auto answer = websocket::handshake(request);
    if (answer.status() != 101) {
      exchange.respond(answer);
    } else if (exchange.upgrade(answer, [this](auto with) { return counter(with); }) ==
               hupd::Written::Gone) {
      exchange.respond(hupd::http::status(503));
    }
  }

  std::unique_ptr<hupd::Protocol> adopt(hupd::Connection with, hupd::State state) override {
    auto adopted = counter(with);
    if (!adopted->go_on(state)) return nullptr;
    return adopted;
  }
  void refused(hupd::Connection connection) override {
    using websocket::Code;
    connection.write(websocket::close_frame(Code::ServiceRestart, "please come again"));
  }

 private:
  std::unique_ptr<Counter> counter(hupd::Connection with) const {
    return std::make_unique<Counter>(with, longest_);
  }

  const std::size_t longest_ = settings().get<std::size_t>("longest", 4 << 20);
};

}  // namespace

HUPD_APP(Counters, "1")
