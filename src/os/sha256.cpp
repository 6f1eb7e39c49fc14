#include "os/sha256.hpp"

#include <array>
#include <cstdint>

#include <sha2.h>
#include <sys/types.h>

namespace hupd::os {

Result<std::string> sha256_of_file(const std::string& path) {
  std::array<char, SHA256_DIGEST_STRING_LENGTH> digits{};
  if (::SHA256File(path.c_str(), digits.data()) == nullptr) return failed("read " + path);
  return std::string(digits.data());
}

std::string sha256_of(std::string_view bytes) {
  std::array<char, SHA256_DIGEST_STRING_LENGTH> digits{};
  ::SHA256Data(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(), digits.data());
  return digits.data();
}

}  // namespace hupd::os
