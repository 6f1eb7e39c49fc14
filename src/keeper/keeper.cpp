#include "keeper/keeper.hpp"

#include <cstdlib>

#include "keeper/office.hpp"
#include "os/limits.hpp"
#include "os/process.hpp"
#include "os/self.hpp"
#include "os/signals.hpp"

namespace hupd::keeper {

std::vector<std::string> arguments() { return {program_name, std::string(32, ' ')}; }

// It outlives what ends a master: a terminal's ^C goes to another process group, a hangup and
// whatever else may lead a process away are ignored; TERM, as long as it has a master.
int run(int argc, char** argv) {
  os::ignore_leading_signals();
  os::raise_descriptor_limit();
  Line master(os::take_inherited_channel());
  os::set_title(argc, argv, "hupd: keeper");
  uv_loop_t loop;
  if (uv_loop_init(&loop) != 0) return 1;
  const Office office(&loop, std::move(master));
  uv_run(&loop, UV_RUN_DEFAULT);
  // Its channel is closed by its end alone, so that a master that waits for the one has the other.
  std::_Exit(0);
}

}  // namespace hupd::keeper
