// Signal dispositions of the host's processes.
#pragma once

namespace hupd::os {

// Zygote and workers are led by messages: what a stray `kill` or a terminal sends must not end
// them (SIGHUP's default action is death). Ignores HUP, INT, QUIT, TERM, PIPE, USR1, USR2, ALRM.
void ignore_leading_signals();

// A write to a peer that is gone is an error to be read, not a death.
void ignore_broken_pipes();

}  // namespace hupd::os
