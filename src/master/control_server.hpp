// Answers control clients: who may connect and how many, what each asks for, and who still waits
// for what.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "control/messages.hpp"
#include "core/types.hpp"
#include "loop/watches.hpp"
#include "master/chronicle.hpp"
#include "master/control_client.hpp"
#include "master/control_socket.hpp"
#include "master/reload_options.hpp"

namespace hupd::master {

// What clients can have done. It is done at once, or seen to be done; nothing here waits.
struct Orders {
  struct Reloading {
    std::vector<control::Ticket> tickets;
    std::optional<std::string> refused;  // by a fault of the configuration
  };
  using Apps = std::vector<std::string>;  // empty: all
  std::function<tl::expected<Reloading, control::Error>(const Apps&, ReloadOptions)> reload;
  // What each of these does becomes of the app's ticket, or has become of it.
  using Answer = tl::expected<control::Ticket, control::Error>;
  std::function<Answer(const std::string&, core::GenerationId)> roll_back;
  std::function<Answer(const std::string&)> promote;
  std::function<Answer(const std::string&)> abort;
  std::function<tl::expected<void, control::Error>(const std::string&, std::uint32_t)> scale;
  std::function<void(bool quick)> stop;
  std::function<void()> reopen_logs;
  // Of the program of the master; ControlServer::upgraded is told how it ends.
  std::function<tl::expected<void, control::Error>()> upgrade;

  std::function<control::Status()> status;
  std::function<std::vector<std::string>()> apps;  // by name; those on their way out are none
  std::function<bool(const std::string&)> is_reloading;
};

class ControlServer {
 public:
  // All of these outlive it.
  ControlServer(uv_loop_t* loop, Vault& vault, const ControlSocket& socket,
                const config::Control& settings, Chronicle& chronicle, Orders orders);
  ~ControlServer();

  // One more client, by the other end of `fd`, for as long as it wishes: it may only ask.
  void introduce(os::Fd fd);

  // Who waits for an upgrade is answered. `refused`: why it was; nothing: it is done.
  void upgraded(const std::optional<std::string>& refused);

  std::vector<image::Client> image() const;
  void resume(const std::vector<image::Client>& clients, Descriptors& from);

  // Before the loop waits: who waits for something that is over is answered, who is gone forgotten.
  void settle();

 private:
  using May = image::May;
  // What a client has been promised an answer to.
  struct Awaited {
    std::vector<control::Ticket> tickets;  // none: for `apps` to be at rest
    Orders::Apps apps;
    bool drained = false;
    bool probation = true;
    bool is_taken_back = false;  // to be rejected is what was asked for
    int turns_to_go = 0;         // of the loop, before it is looked at
    bool is_upgrade = false;     // of the master's program
  };
  struct Held {
    May may = May::Nothing;
    std::optional<Awaited> awaited;
    bool steps = false;  // of what is awaited
    bool watches = false;
    Orders::Apps apps;  // watched
    std::unique_ptr<ControlClient> client;
  };

  void accept();
  Held& hold(os::Fd fd, May may);
  ControlClient::OnLine hears(Held& held);
  May allowed(int fd) const;
  void on_line(Held& held, const std::string& line);
  void answer(Held& held, const control::Request& request);
  void answer_reload(Held& held, const control::Request& request);
  void answer_in_flight(Held& held, const control::Request& request);
  void answer_wait(Held& held, const control::Request& request);
  void answer_scale(Held& held, const control::Request& request);
  void answer_status(Held& held, const control::Request& request);
  void answer_upgrade(Held& held, const control::Request& request);
  void answer_history(Held& held, const control::Request& request);
  void expect(Held& held, Awaited awaited, bool steps);
  std::optional<control::Error> fault_in(const Held& held, const control::Request& request) const;
  std::optional<control::Error> unknown_app(const Orders::Apps& apps) const;

  void tell(const control::Event& event);
  static bool concerns(const Held& held, const control::Event& event);
  static bool is_over(const control::Reload& reload, const Awaited& awaited);
  std::optional<control::Result> result_of(const Awaited& awaited) const;
  std::optional<control::Reload> outcome_of(const control::Ticket& ticket,
                                            const Awaited& awaited) const;

  uv_loop_t* loop_;
  Vault& vault_;
  const ControlSocket& socket_;
  // Who may besides root and the master's user: as the names meant when the socket was made, since
  // a look at the user database may wait for the network.
  std::optional<std::uint32_t> owner_, group_;
  Chronicle& chronicle_;
  Orders orders_;
  std::list<Held> clients_;
  loop::Watches watches_;  // of the socket, where there is one
  loop::Timer turn_;       // so that the loop does not wait while turns are to go
};

}  // namespace hupd::master
