// One client connection: it sends what it is given and tells its owner how each request ended. It
// judges the transport; whether an answer is the right one is the owner's to say.
//
//   Connecting → Open → Leaving → Gone
//
// Leaving: the server said `Connection: close` (or we asked for it) and has answered; we wait for
// its end of file, so that the server closes first, as the protocol has it, and a reset in place of
// it is seen.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "address.hpp"
#include "failure.hpp"
#include "loop.hpp"
#include "response.hpp"

namespace hupd::torture {

struct Request {
  Time intended{};          // latency counts from here, however late it could be sent
  std::string_view head;    // lives as long as the load
  std::size_t body = 0;     // bytes to follow the head,
  std::size_t piece = 0;    //   so many at a time,
  Duration gap{};           //   with such a pause before each
  bool asks_close = false;  // the head has `Connection: close`
};

struct Timeouts {
  Duration connect = std::chrono::seconds(2);
  Duration request = std::chrono::seconds(10);  // from sending to the end of the response
};

enum class Ending { Polite, Idle, Failed };

class Connection;

class ConnectionOwner {
 public:
  virtual ~ConnectionOwner() = default;
  virtual void answered(Connection& from, const Request& request, const Response& response) = 0;
  virtual void failed(Connection& from, Failure failure, const std::string& detail) = 0;
  // No request can be sent on it any more. `unanswered` were sent behind the last answer and
  // refused politely: the client's to ask again.
  virtual void ended(Connection& from, Ending ending, std::deque<Request> unanswered) = 0;
  virtual void gone(Connection& from) = 0;  // the last call: destroy it by Loop::retire
};

class Connection : public Watcher {
 public:
  Connection(Loop& loop, const Address& to, const Timeouts& timeouts, ConnectionOwner& owner,
             std::size_t slot);
  ~Connection() override;

  // Connects at once; outcomes come in later turns. `source`: bind to it first, if not null.
  void open(const Address* source);
  void send(const Request& request);  // REQUIRES: usable(); waits for the connect if need be

  bool usable() const { return state_ == State::Connecting || state_ == State::Open; }
  std::size_t slot() const { return slot_; }
  Time opened() const { return opened_; }
  const std::string& own_address() const { return own_address_; }  // empty before it is connected
  std::uint64_t answers() const { return answers_; }
  void note_generation(std::string_view generation);
  unsigned generations() const { return generations_; }

  void on_events(std::uint32_t events) override;

 private:
  enum class State { Connecting, Open, Leaving, Gone };
  void connect();
  void on_connected();
  void start_sending(const Request& request);
  void send_piece();
  void flush();
  void want(std::uint32_t events);
  bool still_asking() const;
  void read();
  void take(std::string_view bytes);
  void on_response();
  void leave();
  void on_end(End end, const std::string& detail);
  void fail_all(Failure first, const std::string& detail);
  void close(Ending ending);
  void close_socket();
  void arm_deadline();
  void on_deadline();
  Moment moment() const;

  Loop& loop_;
  const Address& to_;
  const Timeouts& timeouts_;
  ConnectionOwner& owner_;
  const std::size_t slot_;

  int fd_ = -1;
  Time opened_{};
  std::string own_address_;
  State state_ = State::Connecting;
  bool reset_on_write_ = false;
  std::uint32_t interest_ = 0;
  Time connect_deadline_{};
  Loop::Timer deadline_;
  Loop::Timer piece_timer_;

  struct Outstanding {
    Request request;
    Time deadline;
  };
  std::deque<Outstanding> outstanding_;
  std::string out_;  // bytes that the socket did not take yet
  std::size_t body_left_ = 0;
  ResponseReader reader_;
  std::uint64_t answers_ = 0;
  std::string last_generation_;
  unsigned generations_ = 0;
};

}  // namespace hupd::torture
