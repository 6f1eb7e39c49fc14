// The table of functions that the application may call, and the process-wide things behind it.
#pragma once

#include <string>

#include <hupd/app.h>

#include "config/settings.hpp"

namespace hupd::worker {

// Once in a process, before the application is created. `app` lives as long as the process.
void set_up_host(const config::App& app);

const hupd_host& host_table();

// The reason that the application gave to `fail` since the last call, or that it gave none.
std::string take_failure();

// A line for the log, from hupd itself or the application: it goes to the master through this
// process's standard error, behind a priority.
void log_line(hupd_log_level level, std::string text);

}  // namespace hupd::worker
