// Control clients as plain data, and going on with those of another master.
#include "control/codec.hpp"
#include "master/control_server.hpp"

namespace hupd::master {

std::vector<image::Client> ControlServer::image() const {
  std::vector<image::Client> clients;
  for (const auto& held : clients_) {
    if (held.client->is_over()) continue;
    auto client = held.client->image();
    client.may = held.may;
    client.steps = held.steps;
    client.watches = held.watches;
    client.apps = held.apps;
    if (const auto& a = held.awaited) {
      client.awaited = {a->tickets,   a->apps,          a->drained,
                        a->probation, a->is_taken_back, a->is_upgrade};
    }
    clients.push_back(std::move(client));
  }
  return clients;
}

void ControlServer::resume(const std::vector<image::Client>& clients, Descriptors& from) {
  for (const auto& client : clients) {
    auto fd = from.take("client", client.key);
    if (!fd) continue;
    Held& held = clients_.emplace_back();
    held.may = client.may;
    held.steps = client.steps;
    held.watches = client.watches;
    held.apps = client.apps;
    if (const auto& a = client.awaited) {
      held.awaited = {a->tickets,       a->apps, a->drained,   a->probation,
                      a->is_taken_back, 0,       a->is_upgrade};
    }
    held.client = std::make_unique<ControlClient>(loop_, vault_, client, std::move(fd), hears(held),
                                                  ControlClient::Limits{});
  }
}

void ControlServer::upgraded(const std::optional<std::string>& refused) {
  for (auto& held : clients_) {
    if (!held.awaited || !held.awaited->is_upgrade) continue;
    held.awaited.reset();
    control::Result result{refused ? 1U : 0U, {}, refused, {}};
    if (!refused) result.hupd = HUPD_VERSION;
    held.client->send(control::to_line(std::move(result)));
    held.client->set_expecting(held.watches);
  }
}

}  // namespace hupd::master
