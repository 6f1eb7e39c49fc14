// Names of apps. They are part of directory names and log lines.
#pragma once

#include <string>
#include <string_view>

namespace hupd::config {

// 1 to 64 letters, digits, '_' and '-'.
bool is_app_name(std::string_view name);

// "libweb.so.1" → "web": a name for an app whatever its library is called.
std::string app_name_of(const std::string& library);

}  // namespace hupd::config
