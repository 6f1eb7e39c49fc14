// Where master and clients meet when nobody says so.
#pragma once

#include <string>

namespace hupd::os {

// In what systemd made for the unit, for its ExecReload= as well; else /run/hupd for root, and
// $XDG_RUNTIME_DIR/hupd for users. Empty: there is no such place.
std::string usual_control_path();

// Everybody can put a file there, in its directory: whose socket it is, is not told by its place.
bool is_anybodys_place(const std::string& path);

}  // namespace hupd::os
