#include "zygote/siblings.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>

#include "os/elf.hpp"
#include "os/files.hpp"

namespace hupd::zygote {

namespace {

namespace fs = std::filesystem;

// "$ORIGIN/../lib" beside /srv/web/libweb.so is /srv/lib.
std::optional<fs::path> beside(const std::string& search, const fs::path& library) {
  for (const std::string_view origin : {"$ORIGIN", "${ORIGIN}"}) {
    if (!search.starts_with(origin)) continue;
    const std::string rest = search.substr(origin.size());
    return (library.parent_path().string() + rest);
  }
  return std::nullopt;
}

void add_siblings(const fs::path& library, const os::ElfInfo& info,
                  std::vector<std::string>& files) {
  for (const auto& name : info.needed) {
    for (const auto& search : info.search_path) {
      const auto directory = beside(search, library);
      if (!directory) continue;
      const std::string file = (*directory / name).lexically_normal();
      if (!os::is_file(file)) continue;
      if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(file);
      break;  // the loader takes the first
    }
  }
}

}  // namespace

os::Result<std::vector<std::string>> files_of(const std::string& library) {
  std::vector<std::string> files = {fs::path(library).lexically_normal()};
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string file = files[i];
    const auto info = os::read_elf(file);
    if (!info) return tl::unexpected(info.error());
    add_siblings(file, *info, files);
  }
  return files;
}

}  // namespace hupd::zygote
