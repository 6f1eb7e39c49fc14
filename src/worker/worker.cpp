#include "worker/worker.hpp"

#include "os/self.hpp"
#include "os/self_destruct.hpp"
#include "worker/boot.hpp"
#include "worker/host.hpp"
#include "worker/life.hpp"
#include "worker/surroundings.hpp"

namespace hupd::worker {

namespace {

int fail(const wire::Link& channel, const wire::Failed& last_word) {
  static_cast<void>(channel.send(last_word, {}, os::Wait::No));
  return 1;
}

int fail(const wire::Link& channel, const os::Error& error) {
  return fail(channel, wire::Failed{error.text, false});
}

// libuv opens a descriptor of its own with a loop's first stream: now, so that the number in use
// does not depend on whether a connection has come yet.
void open_reserve(uv_loop_t* loop) {
  uv_tcp_t first;
  uv_tcp_init(loop, &first);
  uv_close(reinterpret_cast<uv_handle_t*>(&first), nullptr);
  uv_run(loop, UV_RUN_NOWAIT);
}

std::string title(const config::App& app, const wire::Start& start) {
  return "hupd: worker " + app.name + "/" + std::to_string(start.generation) + "/" +
         std::to_string(start.slot);
}

// A master that is killed leaves its workers serving for a while, and then draining by their own
// clock (Orphanhood, Life). One that is stuck in the application hears of nothing: it gets that
// long and the time to leave on top.
void limit_orphanhood(const os::Parents& master, const config::App& app,
                      std::chrono::milliseconds without_master) {
  const auto longest = without_master + app.drain_timeout + 2 * app.kill_timeout;
  const auto limited = os::end_when_orphaned(master, longest);
  if (!limited) log_line(HUPD_WARNING, limited.error().text);
}

}  // namespace

int run(Birth birth) {
  os::SelfDestruct deadline(birth.app.boot_timeout + birth.app.kill_timeout);
  auto assignment = receive_assignment(birth.channel);
  if (!assignment) return fail(birth.channel, assignment.error());
  os::set_title(birth.argc, birth.argv, title(birth.app, assignment->start));
  assignment->page->phase.store(wire::Phase::Booting, std::memory_order_relaxed);

  // Loading comes before the privileges go: the private copy is the master's.
  auto application = obtain_application(birth);
  if (!application) return fail(birth.channel, application.error());
  if (auto settled = settle(birth.app); !settled) return fail(birth.channel, settled.error());

  uv_loop_t loop;  // made after the fork: an epoll set is never shared
  if (const int error = uv_loop_init(&loop); error != 0) {
    return fail(birth.channel,
                os::Error{0, std::string("make an event loop: ") + uv_strerror(error)});
  }
  open_reserve(&loop);
  int exit_code = 0;
  const std::chrono::milliseconds without_master(assignment->start.orphan_ms);
  {
    // After the application's start, which may have changed credentials once more.
    const auto on_ready = [&] {
      limit_orphanhood(birth.parents, birth.app, without_master);
      deadline.disarm();
    };
    Life life(&loop, std::move(birth.channel), birth.app, std::move(*application),
              std::move(*assignment), on_ready);
    exit_code = life.run();
  }
  uv_run(&loop, UV_RUN_NOWAIT);  // close callbacks; what the application left open is left
  return exit_code;
}

}  // namespace hupd::worker
