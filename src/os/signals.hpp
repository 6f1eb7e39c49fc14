// Signal dispositions of the host's processes.
#pragma once

namespace hupd::os {

// Zygote and workers are led by messages: what a stray `kill` or a terminal sends must not end
// them (SIGHUP's default action is death). Ignores HUP, INT, QUIT, TERM, PIPE, USR1, USR2, ALRM.
void ignore_leading_signals();

// For a master that has done what they could ask for: one more TERM is not to change how it ends,
// whatever becomes of their handlers.
void block_leading_signals();

// A write to a peer that is gone is an error to be read, not a death.
void ignore_broken_pipes();

}  // namespace hupd::os
