#include "exporter/exporter.hpp"

#include <charconv>

#include "exporter/door.hpp"
#include "exporter/endpoint.hpp"
#include "exporter/inquiry.hpp"
#include "os/pipe.hpp"
#include "os/privileges.hpp"
#include "os/process.hpp"
#include "os/self.hpp"
#include "os/signals.hpp"
#include "wire/link.hpp"

namespace hupd::exporter {

namespace {

struct Equipment {
  std::vector<os::Fd> listeners;
  os::Fd master;
};

os::Result<Equipment> receive(const wire::Link& channel) {
  Equipment all;
  for (;;) {
    auto delivery = channel.receive(os::Wait::Yes);
    auto* letter = std::get_if<wire::Letter>(&delivery);
    if (letter == nullptr) return os::refused("the master sent too little");
    if (std::holds_alternative<wire::Listeners>(letter->message)) {
      for (auto& fd : letter->fds) all.listeners.push_back(std::move(fd));
    } else if (std::holds_alternative<wire::Accept>(letter->message) && letter->fds.size() == 1) {
      all.master = std::move(letter->fds[0]);
      return all;
    }
  }
}

// For good; what it was given, it has.
os::Result<void> settle(const std::string& user) {
  const auto identity = os::find_identity(user, "", {});
  if (!identity) return tl::unexpected(identity.error());
  if (auto became = os::become(*identity); !became) return became;
  return os::forbid_new_privileges();
}

int serve(const wire::Link& channel, Equipment equipment) {
  uv_loop_t loop;
  if (uv_loop_init(&loop) != 0) return 1;
  int exit_code = 0;
  {
    Inquiry inquiry(&loop, std::move(equipment.master), [&] {
      exit_code = 1;
      uv_stop(&loop);
    });
    Endpoint endpoint(&loop, inquiry);
    {
      const Door door(&loop, std::move(equipment.listeners), endpoint);
      const loop::Readable told(&loop, channel.fd(), [&] {
        const auto delivery = channel.receive(os::Wait::No);
        if (!std::holds_alternative<os::WouldBlock>(delivery)) uv_stop(&loop);
      });
      uv_run(&loop, UV_RUN_DEFAULT);
    }
    if (exit_code == 0) endpoint.finish();
    endpoint.close_all();
  }
  uv_run(&loop, UV_RUN_NOWAIT);  // close callbacks
  return exit_code;
}

int fail(const os::Error& error) {
  os::write_error("<3>metrics: " + error.text + "\n");
  return 1;
}

}  // namespace

std::vector<std::string> arguments(const std::string& user) {
  return {program_name, std::to_string(os::own_pid()), user, std::string(32, ' ')};
}

int run(int argc, char** argv) {
  os::ignore_leading_signals();
  const wire::Link channel(os::take_inherited_channel());
  const std::string parent = argc > 1 ? argv[1] : "";
  const std::string user = argc > 2 ? argv[2] : "";
  os::Pid master = 0;
  std::from_chars(parent.data(), parent.data() + parent.size(), master);
  os::set_title(argc, argv, "hupd: exporter");
  auto equipment = receive(channel);
  if (!equipment) return fail(equipment.error());
  if (auto settled = settle(user); !settled) return fail(settled.error());
  if (!os::die_with_parent(master)) return 1;  // a change of credentials would have undone it
  return serve(channel, std::move(*equipment));
}

}  // namespace hupd::exporter
