// Who connects, who waits, and who is gone.
#include "master/control_server.hpp"

#include <algorithm>

#include "control/codec.hpp"
#include "log/logger.hpp"
#include "os/accept.hpp"
#include "os/local_stream.hpp"
#include "os/privileges.hpp"

namespace hupd::master {

namespace {

constexpr std::size_t most_clients = 64;
constexpr std::size_t most_who_ask = 32;  // of these: who may only ask keeps nobody else out

void refuse(int fd, control::Problem problem, const std::string& text) {
  static_cast<void>(os::send_now(fd, control::to_line(control::Error{problem, text})));
}

}  // namespace

ControlServer::ControlServer(uv_loop_t* loop, Vault& vault, const ControlSocket& socket,
                             const config::Control& settings, Chronicle& chronicle, Orders orders)
    : loop_(loop),
      vault_(vault),
      socket_(socket),
      chronicle_(chronicle),
      orders_(std::move(orders)),
      watches_(loop, [](const std::string& text) { log::write(log::Level::Warning, {}, text); }),
      turn_(loop, [] {}) {
  chronicle_.set_reader([this](const control::Event& event) { tell(event); });
  if (!socket.is_open()) return;
  watches_.add(socket.fd(), [this] { accept(); });
  const auto owner = os::find_identity(settings.owner, "", {});
  if (owner && !settings.owner.empty()) owner_ = owner->uid;
  const auto group = os::find_identity("", settings.group, {});
  if (group && !settings.group.empty()) group_ = group->gid;
}

ControlServer::~ControlServer() { chronicle_.set_reader(nullptr); }

// One a turn: the children come in between.
void ControlServer::accept() {
  auto accepted = os::accept_one(socket_.fd());
  const bool is_short_of = accepted.status == os::AcceptStatus::OutOfResources ||
                           accepted.status == os::AcceptStatus::Broken;
  if (is_short_of) {
    const auto why = os::failed("accept a control client", accepted.code).value().text;
    return watches_.pause_for_want(why + "; who asks waits");
  }
  if (accepted.status != os::AcceptStatus::Accepted) return;
  const int fd = accepted.fd.get();
  const May may = allowed(fd);
  if (may == May::Nothing) {
    return refuse(fd, control::Problem::Permission,
                  "only root, the master's user and who is named by master.control may");
  }
  const auto asking = std::count_if(clients_.begin(), clients_.end(),
                                    [](const Held& held) { return held.may == May::Ask; });
  const bool is_one_too_many = may == May::Ask && std::size_t(asking) >= most_who_ask;
  if (is_one_too_many || clients_.size() >= most_clients) {
    return refuse(fd, control::Problem::Busy, "too many control clients are connected");
  }
  hold(std::move(accepted.fd), may);
}

ControlServer::Held& ControlServer::hold(os::Fd fd, May may) {
  Held& held = clients_.emplace_back();
  held.may = may;
  held.client = std::make_unique<ControlClient>(loop_, vault_, std::move(fd), hears(held),
                                                ControlClient::Limits{});
  return held;
}

ControlClient::OnLine ControlServer::hears(Held& held) {
  return [this, &held](const auto& line) { on_line(held, line); };
}

void ControlServer::introduce(os::Fd fd) {
  hold(std::move(fd), May::Ask).client->set_expecting(true);  // it may be silent
}

ControlServer::May ControlServer::allowed(int fd) const {
  const auto peer = os::peer_credentials(fd);
  if (!peer) return May::Nothing;
  if (peer->uid == 0 || peer->uid == os::own_uid()) return May::Everything;
  if (owner_ == peer->uid) return May::Everything;
  if (!group_) return May::Nothing;
  const bool is_member = *group_ == peer->gid || std::find(peer->groups.begin(), peer->groups.end(),
                                                           *group_) != peer->groups.end();
  return is_member ? May::Ask : May::Nothing;
}

void ControlServer::settle() {
  for (auto& held : clients_) {
    if (!held.awaited || held.awaited->is_upgrade || held.client->is_over()) continue;
    if (held.awaited->turns_to_go > 0) {
      --held.awaited->turns_to_go;
      turn_.start(0);
      continue;
    }
    auto result = result_of(*held.awaited);
    if (!result) continue;
    held.awaited.reset();
    held.client->send(control::to_line(std::move(*result)));
    held.client->set_expecting(held.watches);
  }
  clients_.remove_if([](const Held& held) { return held.client->is_over(); });
}

void ControlServer::expect(Held& held, Awaited awaited, bool steps) {
  held.awaited = std::move(awaited);
  held.steps = steps;
  held.client->set_expecting(true);
}

void ControlServer::tell(const control::Event& event) {
  std::string line;
  for (auto& held : clients_) {
    if (!concerns(held, event)) continue;
    if (line.empty()) line = control::to_line(event);
    held.client->send(line);
  }
}

bool ControlServer::concerns(const Held& held, const control::Event& event) {
  const auto names = [&event](const Orders::Apps& apps) {
    return apps.empty() || event.app.empty() ||
           std::find(apps.begin(), apps.end(), event.app) != apps.end();
  };
  if (held.watches) return names(held.apps);
  if (!held.awaited || !held.steps) return false;
  const auto& tickets = held.awaited->tickets;
  if (tickets.empty()) return names(held.awaited->apps);
  return std::any_of(tickets.begin(), tickets.end(), [&event](const auto& ticket) {
    return ticket.app == event.app &&
           (event.generation == 0 || event.generation == ticket.generation);
  });
}

}  // namespace hupd::master
