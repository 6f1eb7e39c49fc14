#include "zygote/zygote.hpp"

#include <charconv>
#include <optional>

#include "config/load.hpp"
#include "os/fork.hpp"
#include "os/memory.hpp"
#include "os/pipe.hpp"
#include "os/self.hpp"
#include "os/self_destruct.hpp"
#include "os/signals.hpp"
#include "worker/host.hpp"
#include "worker/worker.hpp"
#include "zygote/template.hpp"

namespace hupd::zygote {

namespace {

struct Booted {
  wire::Boot boot;
  config::App app;
};

os::Result<Booted> receive_boot(const wire::Link& master) {
  auto delivery = master.receive(os::Wait::Yes);
  const auto* letter = std::get_if<wire::Letter>(&delivery);
  const auto* boot = letter != nullptr ? std::get_if<wire::Boot>(&letter->message) : nullptr;
  if (boot == nullptr || letter->fds.size() != 1) return os::refused("the master sent no plan");
  const auto plan = os::read_whole(letter->fds[0].get());
  if (!plan) return tl::unexpected(plan.error());
  auto app = config::parse_plan(*plan);
  if (!app) return os::refused("the master's plan: " + app.error().front().describe());
  return Booted{*boot, std::move(*app)};
}

class Zygote {
 public:
  Zygote(wire::Link master, os::Pid master_pid, Booted booted, int argc, char** argv)
      : master_(std::move(master)),
        master_pid_(master_pid),
        booted_(std::move(booted)),
        argc_(argc),
        argv_(argv) {}

  int run();

 private:
  void show_name(std::uint64_t generation) const;
  bool load();
  std::optional<worker::Birth> fork_worker(const wire::Fork& order, wire::Letter& letter);

  wire::Link master_;
  os::Pid master_pid_;
  Booted booted_;
  int argc_;
  char** argv_;
  Template template_;
};

void Zygote::show_name(std::uint64_t generation) const {
  os::set_title(argc_, argv_,
                "hupd: zygote " + booted_.app.name + "/" + std::to_string(generation));
}

bool Zygote::load() {
  os::SelfDestruct deadline(booted_.app.boot_timeout + booted_.app.kill_timeout);
  auto made = make_template(master_, booted_.boot, booted_.app);
  if (made) {
    template_ = std::move(*made);
    const auto version = template_.application ? template_.application->version() : "";
    return master_.send(wire::Loaded{version}, {}, os::Wait::Yes).has_value();
  }
  static_cast<void>(master_.send(made.error(), {}, os::Wait::No));
  return false;
}

int Zygote::run() {
  show_name(booted_.boot.generation);
  worker::set_up_host(booted_.app);
  if (!load()) return 1;
  for (;;) {
    auto delivery = master_.receive(os::Wait::Yes);
    if (const auto* bad = std::get_if<wire::Malformed>(&delivery)) {
      static_cast<void>(master_.send(wire::Failed{"zygote: " + bad->what}, {}, os::Wait::No));
      return 1;
    }
    auto* letter = std::get_if<wire::Letter>(&delivery);
    if (letter == nullptr || std::holds_alternative<wire::Leave>(letter->message)) return 0;
    if (const auto* taken = std::get_if<wire::TakenUp>(&letter->message)) {
      show_name(taken->generation);
      continue;
    }
    const auto* order = std::get_if<wire::Fork>(&letter->message);
    if (order == nullptr) continue;
    if (auto birth = fork_worker(*order, *letter)) return worker::run(std::move(*birth));
  }
}

// A value is returned in the worker only.
std::optional<worker::Birth> Zygote::fork_worker(const wire::Fork& order, wire::Letter& letter) {
  const auto forked = os::fork_grandchild([&](os::Pid pid, int pidfd) {
    static_cast<void>(master_.send(wire::Forked{order.worker, pid}, {pidfd}, os::Wait::Yes));
  });
  if (!forked) {
    static_cast<void>(
        master_.send(wire::ForkFailed{order.worker, forked.error().text}, {}, os::Wait::Yes));
    return std::nullopt;
  }
  if (!*forked) return std::nullopt;
  os::replace_output(letter.fds[1].get());
  letter.fds[1].reset();
  master_.close();
  return worker::Birth{wire::Link(std::move(letter.fds[0])),
                       {(*forked)->intermediate, master_pid_},
                       booted_.app,
                       template_.library,
                       std::move(template_.application),
                       argc_,
                       argv_};
}

}  // namespace

std::vector<std::string> arguments(const std::string& app, std::uint64_t generation) {
  return {program_name, app, std::to_string(generation), std::to_string(os::own_pid()),
          std::string(64, ' ')};
}

int run(int argc, char** argv) {
  os::ignore_leading_signals();
  os::write_out_lines();  // what waits in a buffer at a fork would be written by every worker
  wire::Link master(os::take_inherited_channel());
  const std::string parent = argc > 3 ? argv[3] : "";
  os::Pid master_pid = 0;
  std::from_chars(parent.data(), parent.data() + parent.size(), master_pid);
  if (!os::die_with_parent(master_pid)) return 1;
  auto booted = receive_boot(master);
  if (!booted) {
    static_cast<void>(master.send(wire::Failed{booted.error().text, false}, {}, os::Wait::No));
    return 1;
  }
  Zygote zygote(std::move(master), master_pid, std::move(*booted), argc, argv);
  return zygote.run();
}

}  // namespace hupd::zygote
