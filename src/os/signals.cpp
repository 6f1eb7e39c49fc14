#include "os/signals.hpp"

#include <array>

#include <signal.h>

namespace hupd::os {

namespace {

constexpr std::array leading = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,
                                SIGPIPE, SIGUSR1, SIGUSR2, SIGALRM};

}  // namespace

void ignore_leading_signals() {
  for (const int number : leading) ::signal(number, SIG_IGN);
}

void ignore_broken_pipes() { ::signal(SIGPIPE, SIG_IGN); }

}  // namespace hupd::os
