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

// With links to directories resolved, as the kernel does for the loader: "$ORIGIN/.." of a library
// in a linked directory is above the link's target. And a link that a deploy turns to the next
// release meanwhile cannot mix files of two. A link to the library itself stays: $ORIGIN is beside
// it.
std::string in_real_directory(const std::string& library) {
  const fs::path path(library);
  std::error_code error;
  const fs::path directory = fs::canonical(path.parent_path(), error);
  return error ? path.lexically_normal() : directory / path.filename();
}

}  // namespace

os::Result<std::vector<std::string>> files_of(const std::string& library, const os::Trust& trust) {
  std::vector<std::string> files = {in_real_directory(library)};
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string file = files[i];
    if (auto trusted = os::open_trusted(file, trust); !trusted) {
      const auto& [code, text] = trusted.error();
      const bool names_it = text.find(file) != std::string::npos;
      return tl::unexpected(os::Error{code, names_it ? text : file + ": " + text});
    }
    const auto info = os::read_elf(file);
    if (!info) return tl::unexpected(info.error());
    add_siblings(file, *info, files);
  }
  return files;
}

}  // namespace hupd::zygote
