// The descriptors that are kept, by name.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "os/fd.hpp"
#include "os/listen.hpp"

namespace hupd::keeper {

class Holdings {
 public:
  void put(const std::string& name, os::Fd fd);
  void remove(const std::string& name);

  // What is not put again between the two goes with the second.
  void renew();
  void settled();

  int find(const std::string& name) const;  // -1: there is none
  std::vector<std::string> names() const;
  std::vector<std::string> names_of_state() const;
  std::size_t count_workers() const;
  // A state to go on with, in a directory that is where the next master looks.
  bool can_be_gone_on_with(const std::string& directory) const;

  // Closes all. When nobody is to come, it leaves no file behind either: those of the sockets, if
  // they are still the same, and the directory whose lock is among the descriptors.
  void close();
  void close_and_tidy(const std::string& directory);

 private:
  struct Held {
    os::Fd fd;
    std::string path;  // of a unix socket that listens
    std::optional<os::FileIdentity> file;
    bool is_renewed = true;
  };
  std::map<std::string, Held> held_;
  bool is_renewing_ = false;
};

}  // namespace hupd::keeper
