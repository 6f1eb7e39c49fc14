// The directory of a private copy, in the runtime directory. Every generation that is made from the
// copy has a share in it; it goes with the last one.
#pragma once

#include <memory>
#include <string>

#include "os/result.hpp"

namespace hupd::master {

class CopyDirectory {
 public:
  static os::Result<std::shared_ptr<const CopyDirectory>> create(std::string path);
  explicit CopyDirectory(std::string path) : path_(std::move(path)) {}
  CopyDirectory(const CopyDirectory&) = delete;
  CopyDirectory& operator=(const CopyDirectory&) = delete;
  ~CopyDirectory();

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace hupd::master
