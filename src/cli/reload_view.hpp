// A reload for people to read: its steps, and what became of it.
#pragma once

#include <string>

#include "control/messages.hpp"

namespace hupd::cli {

// "web 8: ready 2 of 4"
std::string line_of(const control::Event& event);
// One of several that each replaces the one before it: on a terminal they share a line.
bool is_progress(const control::Event& event);

// "web: generation 8 is done in 31 ms: 2 workers, version 1.2, library /srv/libweb.so
// 3f0c1b8a9d4e", or why not, with the last lines of who failed. Lines, each with its end.
std::string outcome_of(const control::Reload& reload);

}  // namespace hupd::cli
