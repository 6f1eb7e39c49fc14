// Which requests are not answered, and why.
#include <algorithm>

#include "control/words.hpp"
#include "log/logger.hpp"
#include "master/control_server.hpp"

namespace hupd::master {

std::optional<control::Error> ControlServer::fault_in(const Held& held,
                                                      const control::Request& request) const {
  const bool changes = !control::only_asks(request.command);
  if (changes && held.may != May::Everything) {
    return control::Error{control::Problem::Permission,
                          "members of master.control's group may ask, but change nothing"};
  }
  if (held.awaited) {
    return control::Error{control::Problem::Request, "a request is under way already"};
  }
  // It may have waited in the queue of a master that hung, or died.
  if (changes && held.client->has_gone()) {
    const auto what = std::string(control::word(request.command));
    log::write(log::Level::Warning, {},
               "'" + what + "' is not done: who asked for it has gone meanwhile");
    return control::Error{control::Problem::Request, "nobody waits for it"};
  }
  return unknown_app(request.apps);
}

std::optional<control::Error> ControlServer::unknown_app(const Orders::Apps& apps) const {
  const auto known = orders_.apps();
  for (const auto& app : apps) {
    if (std::find(known.begin(), known.end(), app) != known.end()) continue;
    std::string text = "there is no app '" + app + "' in this master";
    for (const auto& name : known) text += (&name == known.data() ? ": it has " : ", ") + name;
    return control::Error{control::Problem::UnknownApp, text};
  }
  return std::nullopt;
}

}  // namespace hupd::master
