// SHA-256, so that people can compare with sha256sum(1).
#pragma once

#include <string>
#include <string_view>

#include "os/result.hpp"

namespace hupd::os {

Result<std::string> sha256_of_file(const std::string& path);  // 64 hexadecimal digits
std::string sha256_of(std::string_view bytes);

}  // namespace hupd::os
