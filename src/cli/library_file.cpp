#include "cli/library_file.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>

namespace hupd::cli {
namespace {

constexpr std::string_view elf_magic =
    "\x7f"
    "ELF";

// The file's first bytes; what stops that is in errno. A pipe is not waited for.
std::string head(const std::string& path) {
  std::error_code unknown;
  if (std::filesystem::is_fifo(path, unknown)) {
    errno = ESPIPE;
    return {};
  }
  errno = 0;
  using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
  const File file(std::fopen(path.c_str(), "re"),
                  [](std::FILE* open) { return std::fclose(open); });
  if (!file) return {};
  std::array<char, elf_magic.size()> bytes;
  const std::size_t count = std::fread(bytes.data(), 1, bytes.size(), file.get());
  return {bytes.data(), count};
}

}  // namespace

bool is_library_argument(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  if (name.ends_with(".so") || name.find(".so.") != std::string::npos) return true;
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored) && head(path) == elf_magic;
}

std::string library_fault(const std::string& path) {
  const std::string bytes = head(path);
  if (bytes == elf_magic) return {};
  if (bytes.empty() && errno != 0) return std::generic_category().message(errno);
  if (bytes.empty()) return "it is empty";
  return "it is not an ELF file, which a shared library is";
}

}  // namespace hupd::cli
