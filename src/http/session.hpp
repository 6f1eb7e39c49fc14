// HTTP/1.1 on one connection: requests in, one at a time; their responses are the exchange's part.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <hupd/app.h>

#include "connection/connection.hpp"
#include "http/body_reader.hpp"
#include "http/context.hpp"
#include "http/exchange.hpp"
#include "http/head.hpp"
#include "http/head_parser.hpp"
#include "http/outlet.hpp"

namespace hupd::http1 {

// Destroys itself when its connection has closed. What the client pipelines waits in the
// connection's bounded buffer until the response before it is with the kernel: memory is bounded.
class Session final : connection::Handler {
 public:
  Session(Context& context, connection::Incoming incoming);
  virtual ~Session() = default;
  // After the constructor, when the connection lived in another worker.
  void adopt(const handover::Parcel& parcel);

  // For the exchange.
  Context& context() const { return context_; }
  Outlet& outlet() { return outlet_; }
  connection::Connection& connection() { return connection_; }
  bool may_persist() const;  // nothing here speaks against another request
  void response_ended();
  bool prepare_upgrade();  // false: there cannot be one now

  // For the application, of a body in pieces.
  void pause();
  void resume();

 private:
  enum class State {
    Idle,        // nothing of the next request has come
    Head,        // a part of its head has
    Deciding,    // the application is shown the head of a request whose body is to come
    Collecting,  // the body is collected for `request`
    Streaming,   // the body goes to `body` as it comes
    Paused,      // as Streaming, but the application wants no more now
    Answering,   // it is complete; the response is not
    Discarding,  // the response is complete; the rest of the body is of no interest
    Over         // the connection is finishing by itself
  };

  std::size_t on_data(std::string_view bytes) override;
  void on_end() override;
  void on_flushed() override { connection_.wake(); }
  void on_writable() override;
  void on_drain() override { connection_.wake(); }  // what was left for others; may_persist() looks
  void on_release() override;
  void on_timeout() override;
  void on_progress() override {}
  void on_closed() override;
  bool is_busy() const override;
  bool will_be_lighter() const override { return state_ == State::Collecting; }
  connection::Moving on_move(handover::Parcel& parcel) override;
  void on_moved() override;
  bool take_up(const handover::Parcel& parcel);

  // Steps return whether there may be another one to take at once. They use up `rest`.
  bool step(std::string_view& rest);
  bool read_head(std::string_view& rest);
  bool take_request(std::string_view& rest, const Head& head);
  bool await_body(std::string_view head, bool whole);
  bool read_body(std::string_view& rest);
  bool take_piece(std::string_view piece);
  bool take_end();
  bool settle();
  bool go_on_upgraded(std::string_view& rest);
  void await_next();

  int show_head(const hupd_request& request);
  hupd_request describe(std::string_view head, std::string_view body);
  void show_request(std::string_view head, std::string_view body);
  void show_piece(std::string_view piece, bool last);
  template <class Callback>
  void call(Callback callback);

  bool refuse(const Fault& fault);
  void hang_up();
  void release_exchange();

  // Bytes of a body that nobody wants, read for the sake of the next request on the connection.
  static constexpr std::uint64_t worth_discarding = std::uint64_t{256} * 1024;

  Context& context_;
  State state_ = State::Idle;
  bool known_to_app_ = false;  // the exchange: `closed` is owed
  bool in_step_ = false;
  bool continue_owed_ = false;  // the client waits for 100 Continue
  std::size_t buffered_ = 0;    // bytes behind the request in hand, during a step
  std::size_t head_size_ = 0;   // of `collected_`
  std::uint64_t discarded_ = 0;
  std::string collected_;  // head and body of a request with a body to be shown whole
  os::Fd for_upgrade_;     // the connection's descriptor, once more
  HeadParser parser_;
  BodyReader body_;
  hupd_exchange exchange_;
  connection::Connection connection_;
  Outlet outlet_;
};

}  // namespace hupd::http1
