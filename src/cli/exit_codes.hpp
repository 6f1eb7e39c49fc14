// Exit codes of the commands that ask a master.
#pragma once

namespace hupd::cli {

inline constexpr int exit_done = 0;
inline constexpr int exit_rejected = 1;
inline constexpr int exit_usage = 2;  // or configuration
inline constexpr int exit_no_master = 3;
inline constexpr int exit_timed_out = 4;
inline constexpr int exit_no_permission = 5;

}  // namespace hupd::cli
