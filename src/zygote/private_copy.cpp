#include "zygote/private_copy.hpp"

#include <cerrno>
#include <filesystem>
#include <vector>

#include "os/files.hpp"
#include "os/sha256.hpp"
#include "zygote/siblings.hpp"

namespace hupd::zygote {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t digits_in_name = 16;
constexpr int attempts = 10;  // to copy what others deploy over and over

// The deepest directory that all files are below.
fs::path common_directory(const std::vector<std::string>& files) {
  fs::path common = fs::path(files.front()).parent_path();
  for (const auto& file : files) {
    while (fs::path(file).lexically_relative(common).string().starts_with("..")) {
      common = common.parent_path();
    }
  }
  return common;
}

os::Result<std::string> copy_and_hash(const std::vector<std::string>& files, const fs::path& base,
                                      const fs::path& target, const os::Trust& trust) {
  std::string list;
  std::string first;
  for (const auto& file : files) {
    const fs::path relative = fs::path(file).lexically_relative(base);
    const std::string to = target / relative;
    if (auto made = os::make_directories(fs::path(to).parent_path()); !made) {
      return tl::unexpected(made.error());
    }
    if (auto copied = os::copy_stable(file, to, trust); !copied)
      return tl::unexpected(copied.error());
    auto hash = os::sha256_of_file(to);
    if (!hash) return hash;
    list += *hash + "  " + relative.string() + "\n";
    if (first.empty()) first = *hash;
  }
  return files.size() == 1 ? first : os::sha256_of(list);
}

os::Result<PrivateCopy> copy_once(const std::string& library, const std::string& directory,
                                  const os::Trust& trust) {
  const auto files = files_of(library, trust);
  if (!files) return tl::unexpected(files.error());
  const fs::path base = common_directory(*files);
  const fs::path partial = fs::path(directory) / "partial";
  os::remove_tree(partial);
  const auto hash = copy_and_hash(*files, base, partial, trust);
  if (!hash) return tl::unexpected(hash.error());
  const fs::path final = fs::path(directory) / hash->substr(0, digits_in_name);
  if (auto renamed = os::rename_path(partial, final); !renamed) {
    return tl::unexpected(renamed.error());
  }
  return PrivateCopy{final / fs::path(files->front()).lexically_relative(base), *hash};
}

}  // namespace

os::Result<PrivateCopy> make_private_copy(const std::string& library, const std::string& directory,
                                          const os::Trust& trust) {
  for (int attempt = 1;; ++attempt) {
    auto copy = copy_once(library, directory, trust);
    const bool overtaken = !copy && copy.error().code == ESTALE;  // by a newer deploy: take that
    if (overtaken && attempt < attempts) continue;
    if (!copy) return copy;
    // What was examined was the file; what will be loaded is the copy.
    if (auto whole = files_of(copy->path); !whole) return tl::unexpected(whole.error());
    return copy;
  }
}

}  // namespace hupd::zygote
