#include "master/copy_directory.hpp"

#include "os/files.hpp"

namespace hupd::master {

os::Result<std::shared_ptr<const CopyDirectory>> CopyDirectory::create(std::string path) {
  if (auto made = os::make_private_directory(path); !made) return tl::unexpected(made.error());
  return std::make_shared<const CopyDirectory>(std::move(path));
}

CopyDirectory::~CopyDirectory() { os::remove_tree(path_); }

}  // namespace hupd::master
