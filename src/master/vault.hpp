// Where descriptors are known by name, so that another master can go on with them.
//
// Every descriptor that another master would need is told to the vault when it is there, and again
// when it is gone. The names are those of image/image.hpp.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "image/image.hpp"
#include "os/fd.hpp"

namespace hupd::master {

class Vault {
 public:
  image::Key new_key() { return ++last_key_; }
  image::Key last_key() const { return last_key_; }
  void set_last_key(image::Key key) { last_key_ = key; }

  // The descriptor stays the caller's, who drops it before closing it.
  void keep(std::string_view kind, image::Key key, int fd);
  void drop(std::string_view kind, image::Key key);

  // All that are kept.
  std::vector<image::Numbered> numbered() const;

 private:
  image::Key last_key_ = 0;
  std::map<std::string, int> kept_;
};

// Those that another one has kept. What nobody takes is closed.
class Descriptors {
 public:
  void add(std::string name, os::Fd fd) { fds_.insert_or_assign(std::move(name), std::move(fd)); }
  os::Fd take(std::string_view kind, image::Key key);  // empty: it is not there
  std::size_t left() const { return fds_.size(); }

 private:
  std::map<std::string, os::Fd> fds_;
};

}  // namespace hupd::master
